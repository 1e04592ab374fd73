using Gateway.Adapters.Ble;
using Gateway.Adapters.Lora;
using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Adapters;

/// <summary>Every protocol that the gateway speaks, one line each.</summary>
public static class AdapterCatalog
{
    public static IReadOnlyList<IAdapterType> All { get; } =
    [
        new ModbusTcpType(),
        new ModbusRtuType(),
        new ModbusRtuOverTcpType(),
        new ModbusAsciiType(),
        new ModbusAsciiOverTcpType(),
        new ModbusUdpType(),
        new ModbusTlsType(),
        new BleAdapterType(BlueZRadio.Create),
        new LoraAdapterType(),
    ];
}
