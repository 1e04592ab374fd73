using Gateway.Adapters.Ble;

namespace Gateway.Tests.Adapters.Ble;

/// <summary>What every <see cref="IBleController"/> does, be it a fake or BlueZ.</summary>
public abstract class ControllerContract
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>A controller and the air around it.</summary>
    internal interface IWorld : IAsyncDisposable
    {
        IBleController Controller { get; }

        /// <summary>A device sends one byte as BTHome's service data.</summary>
        Task AdvertiseAsync(string address, byte data);

        Task MuteAsync(string until);

        Task RemoveAsync();

        Task ReturnAsync();
    }

    [Fact]
    public async Task Hear_Opened_GivesWhatIsSentInItsOrder()
    {
        await using var world = await CreateAsync();
        Assert.False(world.Controller.IsOpen);
        Assert.Null(await world.Controller.HearAsync(default).AsTask().WaitAsync(s_patience));
        await OpenAsync(world);
        for (byte i = 0; i < 20; i++)
        {
            await world.AdvertiseAsync($"C0:00:00:00:00:0{i % 3}", i);
        }

        for (byte i = 0; i < 20; i++)
        {
            var heard = await HearAsync(world);
            Assert.Equal(($"C0:00:00:00:00:0{i % 3}", i), (heard!.Address.ToString(), heard.Services.Single().Data.Span[0]));
        }
    }

    [Fact]
    public async Task Hear_ControllerIsGone_EndsAfterWhatWasHeardAndComesBack()
    {
        await using var world = await CreateAsync();
        await OpenAsync(world);
        await world.AdvertiseAsync("C0:00:00:00:00:01", 1);
        await world.RemoveAsync();
        Assert.NotNull(await HearAsync(world));
        Assert.Null(await HearAsync(world));
        Assert.False(world.Controller.IsOpen);
        Assert.NotEmpty(world.Controller.Fault!.Remedy);
        Assert.NotNull(await world.Controller.OpenAsync(default));
        Assert.NotNull(await world.Controller.RestartScanAsync(default));

        await world.ReturnAsync();
        await OpenAsync(world);
        await world.AdvertiseAsync("C0:00:00:00:00:01", 2);
        Assert.Equal(2, (await HearAsync(world))!.Services.Single().Data.Span[0]);
    }

    [Fact]
    public async Task RestartScan_SilentSinceTheScanStopped_HearsAgain()
    {
        await using var world = await CreateAsync();
        await OpenAsync(world);
        await world.MuteAsync("discovery");
        await world.AdvertiseAsync("C0:00:00:00:00:01", 1);
        Assert.Null(await world.Controller.RestartScanAsync(default));
        Assert.True(world.Controller.IsOpen);
        await world.AdvertiseAsync("C0:00:00:00:00:01", 2);
        Assert.Equal(2, (await HearAsync(world))!.Services.Single().Data.Span[0]);
    }

    [Fact]
    public async Task PowerCycle_SilentFirmware_HearsAgainOnceOpened()
    {
        await using var world = await CreateAsync();
        await OpenAsync(world);
        await world.MuteAsync("power");
        Assert.Null(await world.Controller.RestartScanAsync(default));
        await world.AdvertiseAsync("C0:00:00:00:00:01", 1);
        Assert.Null(await world.Controller.PowerCycleAsync(default));
        Assert.False(world.Controller.IsOpen);
        Assert.Null(world.Controller.Fault);
        Assert.Null(await HearAsync(world));
        await OpenAsync(world);
        await world.AdvertiseAsync("C0:00:00:00:00:01", 2);
        Assert.Equal(2, (await HearAsync(world))!.Services.Single().Data.Span[0]);
    }

    [Fact]
    public async Task Dispose_Twice_IsTheEndOnce()
    {
        await using var world = await CreateAsync();
        await OpenAsync(world);
        await world.Controller.DisposeAsync();
        await world.Controller.DisposeAsync();
        Assert.False(world.Controller.IsOpen);
        Assert.Null(await HearAsync(world));
    }

    internal abstract Task<IWorld> CreateAsync();

    private static async Task OpenAsync(IWorld world)
    {
        Assert.Null(await world.Controller.OpenAsync(default));
        Assert.True(world.Controller.IsOpen);
    }

    private static Task<Advertisement?> HearAsync(IWorld world) => world.Controller.HearAsync(default).AsTask().WaitAsync(s_patience);
}
