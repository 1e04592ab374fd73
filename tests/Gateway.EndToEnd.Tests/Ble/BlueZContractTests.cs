using Gateway.Adapters.Ble;
using Gateway.Tests.Adapters.Ble;

namespace Gateway.EndToEnd.Tests.Ble;

/// <summary>What every controller does, done by BlueZ.</summary>
public class BlueZContractTests : ControllerContract
{
    internal override async Task<IWorld> CreateAsync()
    {
        var bus = await PrivateBus.StartAsync();
        return new World(bus, await BluezMock.StartAsync(bus));
    }

    private sealed class World(PrivateBus bus, BluezMock bluez) : IWorld
    {
        public IBleController Controller { get; } = new BlueZController(new() { Bus = bus.Address }, TimeProvider.System);

        public Task AdvertiseAsync(string address, byte data) => bluez.AdvertiseAsync(address, Convert.ToHexString([data]));

        public Task MuteAsync(string until) => bluez.DoAsync(new { @do = "mute", until });

        public Task RemoveAsync() => bluez.DoAsync(new { @do = "remove-adapter" });

        public Task ReturnAsync() => bluez.DoAsync(new { @do = "adapter" });

        public async ValueTask DisposeAsync()
        {
            await Controller.DisposeAsync();
            await bluez.DisposeAsync();
            await bus.DisposeAsync();
        }
    }
}
