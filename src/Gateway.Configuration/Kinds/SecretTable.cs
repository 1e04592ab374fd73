namespace Gateway.Configuration;

/// <summary>A secret: never in the configuration, only where it is kept.</summary>
internal static class SecretTable
{
    public static readonly Kind<Secret> Kind = new SecretKindOfMap(new Table<Secret>("a secret", "{ file: /etc/edge-gateway/cloud.secret }", Read));

    private static Secret Read(MapReader map)
    {
        var file = map.Maybe("file", Kinds.Path, "", "The file that holds it, in its first line.");
        var variable = map.Maybe("env", new TextKind("a name", "CLOUD_PASSWORD"), "", "The environment variable that holds it.");
        var credential = map.Maybe("credential", new TextKind("a name", "cloud"), "", "The systemd credential (LoadCredential= in the unit).");
        var given = (file is null ? 0 : 1) + (variable is null ? 0 : 1) + (credential is null ? 0 : 1);
        if (given != 1)
        {
            map.Wrong(map.Position, given == 0 ? "a secret without a place" : "a secret with more than one place", "write one of { file: path }, { env: NAME }, { credential: name }");
        }

        if (credential?.Contains('/') == true)
        {
            map.Wrong("credential", $"\"{credential}\" is not the name of a credential", "write the name without a path");
        }

        return file is not null ? new(SecretKind.File, file)
            : variable is not null ? new(SecretKind.Environment, variable)
            : new(SecretKind.Credential, credential ?? "");
    }
}

/// <summary>Says clearly that a bare password does not belong here, without repeating it.</summary>
internal sealed class SecretKindOfMap(Table<Secret> table) : Kind<Secret>
{
    public override string Name => table.Name;

    public override string Example => table.Example;

    public override Secret Placeholder => table.Placeholder;

    public override TableDescription Keys => table.Keys;

    public override System.Text.Json.Nodes.JsonObject Schema() => table.Schema();

    public override string Write(Secret value) => "";

    public override bool TryRead(ConfigNode node, ProblemList problems, out Secret value)
    {
        if (node is not ScalarNode)
        {
            return table.TryRead(node, problems, out value);
        }

        problems.Error(node.Position, "a secret in the clear", "write { file: path }, { env: NAME } or { credential: name }, and keep the secret there");
        value = Placeholder;
        return false;
    }
}
