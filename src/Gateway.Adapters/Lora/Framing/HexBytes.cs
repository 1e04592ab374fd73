using System.Buffers;
using System.Buffers.Text;

namespace Gateway.Adapters.Lora;

/// <summary>Numbers and hexadecimal digits in the lines of modems.</summary>
internal static class HexBytes
{
    /// <returns>The bytes; null: not whole pairs of digits, or none.</returns>
    public static byte[]? Parse(ReadOnlySpan<byte> digits)
    {
        if (digits.IsEmpty || digits.Length % 2 != 0)
        {
            return null;
        }

        var bytes = new byte[digits.Length / 2];
        return Convert.FromHexString(digits, bytes, out _, out _) == OperationStatus.Done ? bytes : null;
    }

    /// <summary>A number that is all of the text: <c>-112</c>, <c>9.5</c>. At most eight characters.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, out decimal number)
    {
        number = 0;
        return text.Length is > 0 and <= 8 && text[0] != (byte)'+' && !text.ContainsAny((byte)'e', (byte)'E')
            && Utf8Parser.TryParse(text, out number, out var consumed) && consumed == text.Length;
    }

    /// <summary>Takes a word from the front.</summary>
    public static bool TakeWord(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        if (!text.StartsWith(word))
        {
            return false;
        }

        text = text[word.Length..];
        return true;
    }

    /// <summary>Takes a number and what stands behind it from the front.</summary>
    /// <param name="text">What is left.</param>
    /// <param name="end">What must stand behind the number.</param>
    /// <param name="number">The number.</param>
    public static bool TakeNumber(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> end, out decimal number)
    {
        var length = end.IsEmpty ? text.Length : text.IndexOf(end);
        if (length < 0 || !TryNumber(text[..length], out number))
        {
            number = 0;
            return false;
        }

        text = text[(length + end.Length)..];
        return true;
    }
}
