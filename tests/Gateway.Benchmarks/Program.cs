using Gateway.Benchmarks.Ble;
using Gateway.Benchmarks.Broker;
using Gateway.Benchmarks.Modbus;
using Gateway.Benchmarks.Outbox;

// serve PORT [ACL-FILE]                                  the broker without outbox, in a process of its own
// load PORT QOS PUBLISHERS SUBSCRIBERS MESSAGES PAYLOAD  throughput of whatever broker listens on 127.0.0.1:PORT
// latency PORT RATE SECONDS                              publish to delivery at QoS 0
// subscribe PORT COUNT                                   subscribes to COUNT wildcard filters that nothing matches, and stays
// port                                                   prints a port on which nobody listens
// modbus …                                               the cases of scripts/bench modbus: ModbusCases says which
// ble …                                                  the cases of scripts/bench ble: BleCases says which
// outbox …                                               the cases of scripts/bench outbox: OutboxCases says which
switch (args)
{
    case ["serve", var port, var acl]:
        await BrokerProcess.RunAsync(int.Parse(port), acl);
        return 0;
    case ["serve", var port]:
        await BrokerProcess.RunAsync(int.Parse(port));
        return 0;
    case ["load", var port, var qos, var publishers, var subscribers, var messages, var payload]:
        return ThroughputRun.Run(int.Parse(port), int.Parse(qos), int.Parse(publishers), int.Parse(subscribers), int.Parse(messages), int.Parse(payload));
    case ["latency", var port, var rate, var seconds]:
        return LatencyRun.Run(int.Parse(port), int.Parse(rate), int.Parse(seconds));
    case ["subscribe", var port, var count]:
        IdleSubscriber.Run(int.Parse(port), int.Parse(count));
        return 0;
    case ["port"]:
        using (var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp))
        {
            socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
            Console.WriteLine(((System.Net.IPEndPoint)socket.LocalEndPoint!).Port);
        }

        return 0;
    case ["modbus", .. var rest]:
        return await ModbusCases.RunAsync(rest);
    case ["ble", .. var rest]:
        return BleCases.Run(rest);
    case ["outbox", .. var rest]:
        return await OutboxCases.RunAsync(rest);
    default:
        Console.Error.WriteLine("serve PORT [ACL-FILE] | load PORT QOS PUBLISHERS SUBSCRIBERS MESSAGES PAYLOAD | latency PORT RATE SECONDS | subscribe PORT COUNT | modbus … | ble … | outbox …");
        return 2;
}
