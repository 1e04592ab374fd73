using Gateway.Adapters.Ble;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Ble;

public class FakeControllerTests : ControllerContract
{
    internal override Task<IWorld> CreateAsync() => Task.FromResult<IWorld>(new World());

    private sealed class World : IWorld
    {
        private readonly FakeController _fake = new(new FakeTime());

        public IBleController Controller => _fake;

        public Task AdvertiseAsync(string address, byte data)
        {
            _fake.Advertise(Heard.From(address, data));
            return Task.CompletedTask;
        }

        public Task MuteAsync(string until)
        {
            _fake.Mute(until);
            return Task.CompletedTask;
        }

        public Task RemoveAsync()
        {
            _fake.Remove();
            return Task.CompletedTask;
        }

        public Task ReturnAsync()
        {
            _fake.Return();
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => _fake.DisposeAsync();
    }
}
