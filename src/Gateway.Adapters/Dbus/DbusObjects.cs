using System.Text;

namespace Gateway.Adapters.Dbus;

/// <summary>Our objects on the bus, and the standard interfaces over them: Peer, Introspectable, Properties, ObjectManager (D-Bus 0.42 "Standard Interfaces").</summary>
internal sealed class DbusObjects
{
    public const string Peer = "org.freedesktop.DBus.Peer";
    public const string Introspectable = "org.freedesktop.DBus.Introspectable";
    public const string PropertiesInterface = "org.freedesktop.DBus.Properties";
    public const string ObjectManager = "org.freedesktop.DBus.ObjectManager";

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, IDbusObject> _objects = new(StringComparer.Ordinal);

    public void Add(string path, IDbusObject added)
    {
        lock (_lock)
        {
            _objects.Add(path, added);
        }
    }

    public void Remove(string path)
    {
        lock (_lock)
        {
            _objects.Remove(path);
        }
    }

    /// <summary>Every interface of an object with its properties, as ObjectManager tells them: <c>a{sa{sv}}</c>.</summary>
    public static DbusValue Interfaces(IDbusObject of) => DbusValue.Array("{sa{sv}}", DbusValue.Entry(DbusValue.String(of.Interface), DbusValue.Properties(of.Properties)));

    /// <returns>The answer; null: none is wanted.</returns>
    public DbusMessage? Answer(DbusMessage call)
    {
        var (values, error) = Carry(call);
        return (call.Flags & DbusFlags.NoReplyExpected) != 0 ? null : error is null ? call.Answer(values) : call.Refusal(error);
    }

    private (IReadOnlyList<DbusValue> Values, DbusError? Error) Carry(DbusMessage call)
    {
        IDbusObject? found;
        lock (_lock)
        {
            _objects.TryGetValue(call.Path!, out found);
        }

        switch (call.Interface, call.Member)
        {
            case (Peer, "Ping"):
                return ([], null);
            case (Introspectable, "Introspect"):
                return ([DbusValue.String(Describe(call.Path!, found))], null);
            case (ObjectManager, "GetManagedObjects"):
                return ([Managed(call.Path!)], null);
        }

        if (found is null)
        {
            return Refuse(DbusError.UnknownObject, $"there is no object {call.Path}");
        }

        if (call.Interface == PropertiesInterface)
        {
            return Property(call, found);
        }

        if (call.Interface is not null && call.Interface != found.Interface)
        {
            return Refuse(DbusError.UnknownInterface, $"{call.Path} has no interface {call.Interface}");
        }

        foreach (var (name, signature) in found.Methods)
        {
            if (name == call.Member)
            {
                return string.Concat(call.Body.Select(v => v.FullType)) == signature ? found.Call(call) : Refuse(DbusError.InvalidArgs, $"{name} takes '{signature}'");
            }
        }

        return Refuse(DbusError.UnknownMethod, $"{found.Interface} has no method {call.Member}");
    }

    private static (IReadOnlyList<DbusValue> Values, DbusError? Error) Property(DbusMessage call, IDbusObject of)
    {
        if (call.Argument(0).AsString() is not { } wanted || (wanted.Length > 0 && wanted != of.Interface))
        {
            return Refuse(DbusError.UnknownInterface, $"{call.Path} has no interface '{call.Argument(0).AsString()}'");
        }

        switch (call.Member)
        {
            case "GetAll":
                return ([DbusValue.Properties(of.Properties)], null);
            case "Get" or "Set":
                foreach (var (name, value) in of.Properties)
                {
                    if (name == call.Argument(1).AsString())
                    {
                        return call.Member == "Get" ? ([DbusValue.Variant(value)], null) : Refuse(DbusError.PropertyReadOnly, $"{name} can only be read");
                    }
                }

                return Refuse(DbusError.UnknownProperty, $"{of.Interface} has no property '{call.Argument(1).AsString()}'");
            default:
                return Refuse(DbusError.UnknownMethod, $"{PropertiesInterface} has no method {call.Member}");
        }
    }

    private DbusValue Managed(string root)
    {
        lock (_lock)
        {
            return DbusValue.Array(
                "{oa{sa{sv}}}", [.. _objects.Where(o => DbusPath.IsBelow(o.Key, root)).Select(o => DbusValue.Entry(DbusValue.ObjectPath(o.Key), Interfaces(o.Value)))]);
        }
    }

    private string Describe(string path, IDbusObject? at)
    {
        var text = new StringBuilder("<!DOCTYPE node PUBLIC \"-//freedesktop//DTD D-BUS Object Introspection 1.0//EN\" \"http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd\">\n<node>\n");
        foreach (var name in (string[])[Peer, Introspectable, ObjectManager, .. at is null ? (string[])[] : [PropertiesInterface]])
        {
            text.Append($"  <interface name=\"{name}\"/>\n");
        }

        if (at is not null)
        {
            text.Append($"  <interface name=\"{at.Interface}\">\n");
            foreach (var (name, signature) in at.Methods)
            {
                text.Append($"    <method name=\"{name}\">{string.Concat(TypesOf(signature).Select(t => $"<arg type=\"{t}\" direction=\"in\"/>"))}</method>\n");
            }

            foreach (var (name, value) in at.Properties)
            {
                text.Append($"    <property name=\"{name}\" type=\"{value.FullType}\" access=\"read\"/>\n");
            }

            text.Append("  </interface>\n");
        }

        lock (_lock)
        {
            var children = _objects.Keys.Where(k => DbusPath.IsBelow(k, path)).Select(k => k[(path.Length == 1 ? 1 : path.Length + 1)..].Split('/')[0]);
            foreach (var child in children.Distinct(StringComparer.Ordinal))
            {
                text.Append($"  <node name=\"{child}\"/>\n");
            }
        }

        return text.Append("</node>\n").ToString();
    }

    private static IEnumerable<string> TypesOf(string signature)
    {
        while (signature.Length > 0)
        {
            var length = DbusSignature.First(signature);
            yield return signature[..length];
            signature = signature[length..];
        }
    }

    private static (IReadOnlyList<DbusValue> Values, DbusError? Error) Refuse(string name, string text) => ([], new(name, text));
}
