namespace Gateway.Users;

/// <summary>What a user may be called so that every file that names users can be read by us and by Mosquitto.</summary>
internal static class UserName
{
    /// <summary>Characters; names are for people.</summary>
    private const int Longest = 128;

    /// <summary>What is wrong with the name; null: nothing.</summary>
    public static string? Problem(string name) =>
        name.Length is 0 or > Longest ? $"a user's name has 1 to {Longest} characters"
        : name.Contains(':') ? "a user's name cannot hold a colon: the file separates name and password with it"
        : name.IndexOfAny(['+', '#']) >= 0 ? "a user's name cannot hold + or #: it would be a wildcard in patterns"
        : name != name.Trim() || name.Any(char.IsControl) ? "a user's name neither begins nor ends with a space, and is one line"
        : null;
}
