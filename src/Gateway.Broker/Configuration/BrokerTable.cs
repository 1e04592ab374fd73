using Gateway.Configuration;

namespace Gateway.Broker;

/// <summary>The keys of <c>broker</c>.</summary>
public static class BrokerTable
{
    public static readonly Kind<BrokerOptions> Kind = new Table<BrokerOptions>("the broker's section", "{ listeners: [{ bind: 127.0.0.1, port: 1883 }] }", Read);

    private static readonly Kind<IReadOnlyList<ListenerOptions>> Listeners = Kinds.List(ListenerTable.Kind, min: 1);

    private static BrokerOptions Read(MapReader map)
    {
        var options = new BrokerOptions
        {
            Listeners = map.Maybe("listeners", Listeners, "one on 127.0.0.1:1883", "Addresses on which the broker accepts MQTT.") ?? BrokerOptions.DefaultListeners,
            Anonymous = map.Optional("anonymous", Kinds.Boolean, false, "Whether clients without a user name may connect from other machines: as viewers, or with all rights where there are no users."),
            PasswordFile = map.Maybe("password-file", Kinds.Path, "users in the data folder, made at the first start", "Users in mosquitto_passwd's format ($7$, $6$)."),
            AclFile = map.Maybe(
                "acl-file", Kinds.Path, "roles decide", "Who may publish and read what, in Mosquitto's format: user, topic, pattern with %c and %u. With it roles count for nothing."),
            Limits = map.Optional("limits", BrokerLimitsTable.Kind, new(), "What clients may take, together and each."),
        };
        CheckAddresses(map, options.Listeners);
        return options;
    }

    private static void CheckAddresses(MapReader map, IReadOnlyList<ListenerOptions> listeners)
    {
        for (var i = 0; i < listeners.Count; i++)
        {
            var same = listeners.Take(i).FirstOrDefault(l => l.Port != 0 && l.Port == listeners[i].Port && Overlap(l.Bind, listeners[i].Bind));
            if (same is not null)
            {
                map.Wrong(listeners[i].Position, $"port {same.Port} of {same.Bind} is taken by the listener at {same.Position}", "write another port, or remove one of them");
            }
        }
    }

    /// <summary>0.0.0.0 takes every IPv4 address, :: every address.</summary>
    private static bool Overlap(string a, string b) => a == b || a == "::" || b == "::" || (IsAny4(a) && IsIPv4(b)) || (IsAny4(b) && IsIPv4(a));

    private static bool IsAny4(string bind) => bind == "0.0.0.0";

    private static bool IsIPv4(string bind) => !bind.Contains(':');
}
