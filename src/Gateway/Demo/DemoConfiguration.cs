namespace Gateway.Demo;

/// <summary>The demo's configuration: an ordinary one, so that it shows what one writes.</summary>
internal static class DemoConfiguration
{
    /// <param name="data">The data folder.</param>
    /// <param name="cloudPort">Port of the line to the cloud.</param>
    public static string Yaml(string data, int cloudPort) => $$"""
        gateway:
          id: demo
          data: {{data}}
        broker:
          listeners: [{ bind: 127.0.0.1, port: 0 }]
        http: { enabled: false }
        links:
          - { id: plc, type: modbus-tcp, host: 127.0.0.1, timeout: 500ms }
        devices:
          - id: meter-1
            link: plc
            unit-id: 1
            points:
              - { id: voltage, register: holding 0, type: uint16, scale: 0.1, unit: V, every: 200ms }
              - { id: current, register: holding 1, type: float32, unit: A, every: 200ms }
          - id: boiler-7
            link: plc
            unit-id: 2
            points:
              - { id: temperature, register: input 0, type: int16, scale: 0.1, unit: "°C", every: 500ms }
              - { id: setpoint, register: holding 10, type: int16, scale: 0.1, unit: "°C", every: 1s, write: { min: 20, max: 80 } }
        bridges:
          - id: cloud
            servers: ["mqtt://127.0.0.1:{{cloudPort}}"]
            forward: [standard]
            import: [commands]
            outbox: { size: 64MiB }

        """;
}
