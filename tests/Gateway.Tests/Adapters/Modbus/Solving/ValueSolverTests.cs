using System.Globalization;
using Gateway.Adapters.Modbus;

namespace Gateway.Tests.Adapters.Modbus.Solving;

public sealed class ValueSolverTests(ITestOutputHelper output)
{
    /// <summary>Maps of the property test.</summary>
    private const int Runs = 300;

    /// <summary>What a person still looks through.</summary>
    private const int FirstFew = 5;

    private static readonly ModbusType[] s_types =
        [ModbusType.Int16, ModbusType.UInt16, ModbusType.Int32, ModbusType.UInt32, ModbusType.Int64, ModbusType.UInt64, ModbusType.Float32, ModbusType.Float64];

    [Fact]
    public void Find_OneFloatAmongZeros_IsFirst()
    {
        var image = new RegisterImage();
        image.Set(RegisterSpace.Holding, 90, new byte[60]);
        image.Set(RegisterSpace.Holding, 100, Convert.FromHexString("66664367"));
        var best = ValueSolver.Find(image, See("231.4"))[0];
        Assert.Equal((RegisterSpace.Holding, 100, ModbusType.Float32, ByteOrder.Cdab, 1m, 231.4), (best.Space, best.Address, best.Type, best.Order, best.Scale, best.Value));
    }

    [Fact]
    public void Find_ScaledRegister_IsOneLineWithItsSignedTwin()
    {
        var image = new RegisterImage();
        image.Set(RegisterSpace.Input, 30, [0x09, 0x0A]);
        var first = ValueSolver.Fold(ValueSolver.Find(image, See("231.4")))[0];
        Assert.Equal((ModbusType.UInt16, 0.1m, 231.4, ModbusType.Int16, false), (first.Best.Type, first.Best.Scale, first.Best.Value, first.Signed, first.HasWider));
    }

    [Fact]
    public void Find_SmallNumberBesideZeros_IsOneLineWithItsWiderReadings()
    {
        var image = new RegisterImage();
        image.Set(RegisterSpace.Input, 28, new byte[12]);
        image.Set(RegisterSpace.Input, 30, [0x09, 0x0A]);
        var all = ValueSolver.Fold(ValueSolver.Find(image, See("231.4")));
        Assert.Equal((30, ModbusType.UInt16, true), (all[0].Best.Address, all[0].Best.Type, all[0].HasWider));
        Assert.Single(all, g => g.Best.Scale == 0.1m);
        Assert.Contains(all[0].Others, o => (o.Address, o.Type, o.Order) == (29, ModbusType.UInt32, ByteOrder.Abcd));
    }

    [Fact]
    public void Find_NegativeValue_IsSigned()
    {
        var image = new RegisterImage();
        image.Set(RegisterSpace.Input, 30, [0xFF, 0xCE]);
        var best = ValueSolver.Fold(ValueSolver.Find(image, See("-5.0")))[0];
        Assert.Equal((ModbusType.Int16, 0.1m, -5.0, null), (best.Best.Type, best.Best.Scale, best.Best.Value, best.Signed));
    }

    [Fact]
    public void Find_HoleInTheMiddle_IsNotReadAcross()
    {
        var image = new RegisterImage();
        image.Set(RegisterSpace.Holding, 0, [0x43, 0x67]);
        image.Set(RegisterSpace.Holding, 2, [0x66, 0x66]);
        Assert.DoesNotContain(ValueSolver.Find(image, See("231.4")), c => c.Type == ModbusType.Float32);
    }

    [Fact]
    public void Narrow_RegisterThatStoodStill_FallsBehind()
    {
        var before = Image((0, 2314), (1, 2314));
        var found = ValueSolver.Find(before, See("231.4"));
        var now = Image((0, 2314), (1, 2309));
        Assert.Equal(1, ValueSolver.Narrow(found, 231.4m, now, See("230.9"))[0].Address);
    }

    /// <summary>Random devices: whatever the value is kept as, it is found, and after a second look it is among the first few.</summary>
    [Fact]
    public void FindAndNarrow_RandomMaps_TheTrueOneIsAlwaysFoundAndSoonAmongTheFirst()
    {
        var seed = Environment.GetEnvironmentVariable("SOLVER_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"SOLVER_SEED={seed}");
        var random = new Random(seed);
        for (var run = 0; run < Runs; run++)
        {
            var device = new RandomDevice(random);
            var (first, shown) = device.Look();
            var found = ValueSolver.Find(first, See(shown));
            Assert.True(found.Any(device.IsIt), $"seed {seed}, run {run}: {device} as {shown} is not among {found.Count}");

            device.Move();
            var (second, later) = device.Look();
            var left = ValueSolver.Narrow(found, decimal.Parse(shown, CultureInfo.InvariantCulture), second, See(later));
            Assert.True(left.Any(device.IsIt), $"seed {seed}, run {run}: {device} as {shown}, then {later}, was lost");
            var rank = ValueSolver.Fold(left).ToList().FindIndex(device.IsAmong);
            Assert.True(rank is >= 0 and < FirstFew, $"seed {seed}, run {run}: {device} as {shown}, then {later}, is number {rank + 1} of {left.Count}: {string.Join("; ", ValueSolver.Fold(left).Take(8))}");
        }
    }

    [Theory]
    [InlineData("231,4", "write 231.4")]
    [InlineData("0.0", "wait until")]
    [InlineData("volts", "not a number")]
    public void Sighting_ThatIsNone_SaysWhatToWrite(string text, string expected) => Assert.Contains(expected, Sighting.TryParse(text, null, out _), StringComparison.Ordinal);

    [Fact]
    public void Sighting_HasTheStepOfItsLastDigit()
    {
        Assert.Equal((0.1m, 1.157m), (See("231.4").Step, See("231.4").Tolerance));
        Assert.Equal((1m, 1m), (See("5").Step, See("5").Tolerance));
        Assert.Null(Sighting.TryParse("200", "2%", out var share));
        Assert.Equal(4m, share!.Tolerance);
        Assert.NotNull(Sighting.TryParse("200", "two", out _));
    }

    private static Sighting See(string text)
    {
        Assert.Null(Sighting.TryParse(text, null, out var sighting));
        return sighting!;
    }

    private static RegisterImage Image(params (int Address, ushort Value)[] registers)
    {
        var image = new RegisterImage();
        foreach (var (address, value) in registers)
        {
            image.Set(RegisterSpace.Holding, address, [(byte)(value >> 8), (byte)value]);
        }

        return image;
    }

    /// <summary>200 registers: zeros, small numbers, noise, other measurements; and one value that a display shows.</summary>
    private sealed class RandomDevice
    {
        private const int Registers = 200;

        private readonly Random _random;
        private readonly byte[] _wire = new byte[Registers * 2];
        private readonly int _address;
        private readonly ModbusType _type;
        private readonly ByteOrder _order;
        private readonly decimal _scale;
        private readonly RegisterSpace _space;
        private double _value;

        public RandomDevice(Random random)
        {
            _random = random;
            _type = s_types[random.Next(s_types.Length)];
            ByteOrder[] orders = _type.Width() switch { 1 => [ByteOrder.Abcd], 2 => [.. ByteOrders.Common], _ => [.. ByteOrders.Common, .. ByteOrders.OfFourRegisters] };
            _order = orders[random.Next(orders.Length)];
            _scale = _type.IsFloat() ? 1m : new[] { 1m, 0.1m, 0.01m, 0.001m }[random.Next(4)];
            _space = random.Next(2) == 0 ? RegisterSpace.Input : RegisterSpace.Holding;
            _address = random.Next(Registers - _type.Width());
            _value = Raw(random.Next(1000, 30000)) * (double)_scale;
            for (var i = 0; i < Registers; i++)
            {
                Set(i, random.Next(4) switch { 0 => 0, 1 => random.Next(1, 200), 2 => random.Next(65536), _ => random.Next(500, 10000) });
            }

            Store();
        }

        public override string ToString() => $"{_space} {_address} {_type} {_order} x {_scale}";

        public bool IsIt(Candidate c) => (c.Space, c.Address, c.Type, c.Order, c.Scale) == (_space, (ushort)_address, _type, _order, _scale);

        public bool IsAmong(CandidateGroup group) => IsIt(group.Best) || group.Others.Any(IsIt);

        /// <summary>Its registers, and its display: four to five digits.</summary>
        public (RegisterImage Image, string Shown) Look()
        {
            var image = new RegisterImage();
            image.Set(_space, 0, _wire);
            var places = _value >= 1000 ? 0 : _value >= 100 ? 1 : _value >= 10 ? 2 : 3;
            return (image, Math.Round(_value, _type.IsFloat() ? places : Math.Min(places, _scale.Scale)).ToString($"F{(_type.IsFloat() ? places : Math.Min(places, _scale.Scale))}", CultureInfo.InvariantCulture));
        }

        /// <summary>The value by some per cent, and a third of what else is there.</summary>
        public void Move()
        {
            for (var i = 0; i < Registers; i++)
            {
                if (_random.Next(3) == 0)
                {
                    Set(i, Math.Clamp(((_wire[i * 2] << 8) | _wire[(i * 2) + 1]) + _random.Next(-20, 21), 0, 65535));
                }
            }

            _value = Raw(Math.Max(500, Math.Round(_value / (double)_scale * (1 + ((_random.Next(2) == 0 ? 1 : -1) * (0.03 + (0.2 * _random.NextDouble()))))))) * (double)_scale;
            Store();
        }

        private double Raw(double raw) => _type switch { ModbusType.Float32 => (float)(raw / 7), ModbusType.Float64 => raw / 7, ModbusType.Int16 => Math.Min(raw, 32767), _ => raw };

        private void Set(int index, int value) => (_wire[index * 2], _wire[(index * 2) + 1]) = ((byte)(value >> 8), (byte)value);

        private void Store()
        {
            var raw = _value / (double)_scale;
            var bits = _type switch
            {
                ModbusType.Float32 => BitConverter.SingleToUInt32Bits((float)raw),
                ModbusType.Float64 => BitConverter.DoubleToUInt64Bits(raw),
                _ => (ulong)Math.Round(raw),
            };
            RegisterCodec.Write(_wire.AsSpan(_address * 2, _type.Width() * 2), bits, _order);
        }
    }
}
