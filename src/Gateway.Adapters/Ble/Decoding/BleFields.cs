namespace Gateway.Adapters.Ble.Decoding;

/// <summary>What sensors say, by one name and in one unit each. Formats that scale differently say the same field; a few (distance, mass, volume) come in the unit of the format.</summary>
internal static class BleFields
{
    private const decimal AbsoluteZero = -273.15m;

    public static readonly BleField Acceleration = new("acceleration", "m/s²");
    public static readonly BleField AccelerationX = new("acceleration-x", "g");
    public static readonly BleField AccelerationY = new("acceleration-y", "g");
    public static readonly BleField AccelerationZ = new("acceleration-z", "g");
    public static readonly BleField Armed = new("armed");
    public static readonly BleField Battery = new("battery", "%", 0, 100);
    public static readonly BleField BatteryCharging = new("battery-charging");
    public static readonly BleField BatteryLow = new("battery-low");
    public static readonly BleField Button = new("button");
    public static readonly BleField Calibrating = new("calibrating");
    public static readonly BleField CarbonMonoxideDetected = new("carbon-monoxide-detected");
    public static readonly BleField Channel = new("channel");
    public static readonly BleField Co2 = new("co2", "ppm");
    public static readonly BleField Cold = new("cold");
    public static readonly BleField Conductivity = new("conductivity", "µS/cm");
    public static readonly BleField Connected = new("connected");
    public static readonly BleField Count = new("count");
    public static readonly BleField Current = new("current", "A");
    public static readonly BleField DewPoint = new("dew-point", "°C", AbsoluteZero);
    public static readonly BleField Direction = new("direction", "°", 0, 360);

    /// <summary>Steps that a dimmer was turned; to the left they are negative.</summary>
    public static readonly BleField Dimmer = new("dimmer", "steps");

    public static readonly BleField DoorOpen = new("door-open");
    public static readonly BleField Duration = new("duration", "s");
    public static readonly BleField Energy = new("energy", "kWh");
    public static readonly BleField Formaldehyde = new("formaldehyde", "mg/m³");
    public static readonly BleField GarageDoorOpen = new("garage-door-open");
    public static readonly BleField Gas = new("gas", "m³");
    public static readonly BleField GasDetected = new("gas-detected");
    public static readonly BleField Gyroscope = new("gyroscope", "°/s");
    public static readonly BleField Hot = new("hot");
    public static readonly BleField Humidity = new("humidity", "%", 0, 100);
    public static readonly BleField Illuminance = new("illuminance", "lx", 0);
    public static readonly BleField Light = new("light");
    public static readonly BleField LightLevel = new("light-level");
    public static readonly BleField MassKilograms = new("mass", "kg");
    public static readonly BleField MassPounds = new("mass", "lb");
    public static readonly BleField MeasuredPower = new("measured-power", "dBm");
    public static readonly BleField Moisture = new("moisture", "%", 0, 100);
    public static readonly BleField MoistureDetected = new("moisture-detected");
    public static readonly BleField Motion = new("motion");
    public static readonly BleField MovementCounter = new("movement-counter");
    public static readonly BleField Moving = new("moving");
    public static readonly BleField NoMotionTime = new("no-motion-time", "s");
    public static readonly BleField NoxIndex = new("nox-index");
    public static readonly BleField Occupancy = new("occupancy");
    public static readonly BleField Open = new("open");
    public static readonly BleField PluggedIn = new("plugged-in");
    public static readonly BleField Pm1 = new("pm1", "µg/m³");
    public static readonly BleField Pm4 = new("pm4", "µg/m³");
    public static readonly BleField Pm10 = new("pm10", "µg/m³");
    public static readonly BleField Pm25 = new("pm25", "µg/m³");
    public static readonly BleField Power = new("power", "W");
    public static readonly BleField Powered = new("powered");
    public static readonly BleField Precipitation = new("precipitation", "mm");
    public static readonly BleField Presence = new("presence");
    public static readonly BleField Pressure = new("pressure", "hPa");
    public static readonly BleField Problem = new("problem");
    public static readonly BleField Raw = new("raw");
    public static readonly BleField Rotation = new("rotation", "°");
    public static readonly BleField RotationalSpeed = new("rotational-speed", "rpm");
    public static readonly BleField Running = new("running");
    public static readonly BleField Safe = new("safe");
    public static readonly BleField Smoke = new("smoke");
    public static readonly BleField Sound = new("sound");
    public static readonly BleField Speed = new("speed", "m/s");
    public static readonly BleField State = new("state");
    public static readonly BleField Tamper = new("tamper");
    public static readonly BleField Temperature = new("temperature", "°C", AbsoluteZero);
    public static readonly BleField Text = new("text");
    public static readonly BleField Timestamp = new("timestamp");
    public static readonly BleField Tvoc = new("tvoc", "µg/m³");
    public static readonly BleField TxPower = new("tx-power", "dBm");
    public static readonly BleField Unlocked = new("unlocked");
    public static readonly BleField UvIndex = new("uv-index");
    public static readonly BleField Vibration = new("vibration");
    public static readonly BleField VocIndex = new("voc-index");
    public static readonly BleField Voltage = new("voltage", "V");
    public static readonly BleField Volume = new("volume", "L");
    public static readonly BleField VolumeFlow = new("volume-flow", "m³/h");
    public static readonly BleField VolumeMillilitres = new("volume", "mL");
    public static readonly BleField VolumeStorage = new("volume-storage", "L");
    public static readonly BleField Water = new("water", "L");
    public static readonly BleField WindowOpen = new("window-open");
}
