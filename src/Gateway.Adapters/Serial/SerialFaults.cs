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

    public static SerialFault Rs485(int error) => new(
        error is Libc.NotATerminal or Libc.Invalid ? "the kernel cannot switch RS-485 on this port" : $"RS-485 switching: {Libc.Text(error)}",
        "remove rs485: most USB and built-in RS-485 adapters switch by themselves; where RTS must switch, the port's driver has to support it (UARTs of many boards do, enabled in the device tree)");

    public static SerialFault LowLatency(int error) => new(
        $"low latency is refused ({Libc.Text(error)})",
        "the line works, answers may come up to 16 ms later; with an FTDI adapter let udev write 1 to its latency_timer, with others remove low-latency");

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
