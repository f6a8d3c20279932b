namespace MailSuite.Mta.Smtp.Grammar;

/// <summary>The value of MT-PRIORITY: <c>["-"] NZDIGIT / "0"</c> (RFC 6710 §7).</summary>
internal static class PriorityParameter
{
    public static bool TryParse(ReadOnlySpan<char> text, out int priority)
    {
        priority = 0;
        if (text is "0")
            return true;

        var digits = text is ['-', ..] ? text[1..] : text;
        if (digits is not [>= '1' and <= '9' and var digit])
            return false;

        priority = digits.Length == text.Length ? digit - '0' : '0' - digit;
        return true;
    }
}
