namespace Gateway.Adapters.Dbus;

/// <summary>Type signatures: <c>a{sv}</c> is an array of dictionary entries from string to variant (D-Bus 0.42 "Type System").</summary>
internal static class DbusSignature
{
    /// <summary>Types that hold one thing and may be keys of a dictionary.</summary>
    public const string Basic = "ybnqiuxtdsogh";

    /// <summary>Whether every type in it is complete and allowed, within the limits of nesting. Nothing at all is a valid signature too.</summary>
    public static bool IsValid(ReadOnlySpan<char> signature)
    {
        if (signature.Length > DbusLimits.Signature)
        {
            return false;
        }

        while (!signature.IsEmpty)
        {
            var length = Measure(signature, 0, 0);
            if (length == 0)
            {
                return false;
            }

            signature = signature[length..];
        }

        return true;
    }

    public static bool IsSingleType(ReadOnlySpan<char> signature) =>
        !signature.IsEmpty && signature.Length <= DbusLimits.Signature && Measure(signature, 0, 0) == signature.Length;

    /// <summary>Length of the first complete type of a signature that <see cref="IsValid"/>.</summary>
    public static int First(ReadOnlySpan<char> valid)
    {
        var at = 0;
        while (valid[at] == 'a')
        {
            at++;
        }

        var open = 0;
        do
        {
            open += valid[at++] switch { '(' or '{' => 1, ')' or '}' => -1, _ => 0 };
        }
        while (open > 0);
        return at;
    }

    /// <summary>Where a value of this type begins: at a multiple of so many bytes ("Marshaling").</summary>
    public static int Alignment(char type) => type switch
    {
        'y' or 'g' or 'v' => 1,
        'n' or 'q' => 2,
        'b' or 'i' or 'u' or 's' or 'o' or 'a' or 'h' => 4,
        _ => 8,
    };

    /// <summary>Length of the first complete type; 0: it is none. The limits of nesting bound the recursion.</summary>
    private static int Measure(ReadOnlySpan<char> signature, int arrays, int structs)
    {
        if (signature.IsEmpty)
        {
            return 0;
        }

        return signature[0] switch
        {
            'v' => 1,
            'a' when arrays < DbusLimits.Nesting => MeasureArray(signature, arrays + 1, structs),
            '(' when structs < DbusLimits.Nesting => MeasureStruct(signature, arrays, structs + 1),
            var type => Basic.Contains(type, StringComparison.Ordinal) ? 1 : 0,
        };
    }

    private static int MeasureArray(ReadOnlySpan<char> signature, int arrays, int structs)
    {
        var element = signature[1..];
        if (!element.IsEmpty && element[0] == '{')
        {
            // A dictionary's entry: a basic key and one value, and nowhere else than in an array.
            if (element.Length < 4 || structs == DbusLimits.Nesting || !Basic.Contains(element[1], StringComparison.Ordinal))
            {
                return 0;
            }

            var value = Measure(element[2..], arrays, structs + 1);
            return value != 0 && element.Length > 2 + value && element[2 + value] == '}' ? 1 + 3 + value : 0;
        }

        var length = Measure(element, arrays, structs);
        return length == 0 ? 0 : 1 + length;
    }

    private static int MeasureStruct(ReadOnlySpan<char> signature, int arrays, int structs)
    {
        var at = 1;
        while (at < signature.Length && signature[at] != ')')
        {
            var length = Measure(signature[at..], arrays, structs);
            if (length == 0)
            {
                return 0;
            }

            at += length;
        }

        return at > 1 && at < signature.Length ? at + 1 : 0;
    }
}
