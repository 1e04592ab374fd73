namespace Gateway.Adapters.Serial;

/// <summary>What the system says of a serial port, in the field's words and with what to do.</summary>
internal static class SerialFaults
{
    public static readonly SerialFault InUse =
        new("port in use", "another program or another link has it; edge-gateway ports names who, and what to do about ModemManager or a serial console");

    public static readonly SerialFault Unplugged =
        new("adapter unplugged", "the adapter is gone; plug it in again, it is found by itself (best with a path under /dev/serial/by-id)");

    public static SerialFault Baud(int wanted, uint got) =>
        new("baud not possible", $"the adapter makes {got} baud instead of {wanted}; choose another baud on both sides, or another adapter");

    public static SerialFault Of(int error) => error switch
    {
        Libc.NoEntry or Libc.NoDevice or Libc.NoSuchAddress => new("no such port", "plug the adapter in, or write its path as edge-gateway ports shows it"),
        Libc.PermissionDenied or Libc.NotPermitted => new("no permission", "the gateway's user must be in the group of the port, mostly dialout: usermod -aG dialout USER, then restart"),
        Libc.Busy or Libc.WouldBlock => InUse,
        Libc.NotATerminal or Libc.Invalid => new("not a serial port", "this path is something else; edge-gateway ports lists the serial adapters"),
        Libc.InputOutput => Unplugged,
        _ => new(Libc.Text(error), "see dmesg for what the kernel says about the port"),
    };
}
