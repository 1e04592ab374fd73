namespace Gateway.Broker;

/// <summary>What a rule of an ACL file says about the topics that it matches.</summary>
[Flags]
internal enum AclAccess : byte
{
    /// <summary>Neither, whatever the other rules beside it say.</summary>
    Deny = 0,

    /// <summary>To be sent what is published there.</summary>
    Read = 1,

    /// <summary>To publish there.</summary>
    Write = 2,
}

/// <summary>One rule: a <c>topic</c> or <c>pattern</c> line.</summary>
/// <param name="Filter">Topic filter; of a pattern with <c>%c</c> and <c>%u</c> still in it.</param>
/// <param name="Access">What it grants, or that it denies.</param>
internal readonly record struct AclRule(string Filter, AclAccess Access);
