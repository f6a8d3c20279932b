using System.Globalization;

namespace MailSuite.Shared.Status;

/// <summary>An enhanced mail system status code, <c>class.subject.detail</c> (RFC 3463; registry of RFC 5248).</summary>
/// <param name="Class">2 success, 4 persistent transient failure, 5 permanent failure (RFC 3463 §2).</param>
/// <param name="Subject">0 to 999.</param>
/// <param name="Detail">0 to 999.</param>
public readonly record struct EnhancedStatusCode(int Class, int Subject, int Detail)
{
    public bool IsSuccess => Class == 2;

    public bool IsTransient => Class == 4;

    public bool IsPermanent => Class == 5;

    /// <summary>Reads the code at the start of a reply's text, as RFC 2034 §4 puts it there.</summary>
    public static bool TryReadPrefix(ReadOnlySpan<char> text, out EnhancedStatusCode code)
    {
        code = default;
        var end = text.IndexOf(' ');
        var word = end < 0 ? text : text[..end];
        Span<Range> parts = stackalloc Range[4];
        if (word.Split(parts, '.') != 3 || word[parts[0]] is not ("2" or "4" or "5"))
            return false;

        if (!TryNumber(word[parts[1]], out var subject) || !TryNumber(word[parts[2]], out var detail))
            return false;

        code = new EnhancedStatusCode(word[0] - '0', subject, detail);
        return true;

        static bool TryNumber(ReadOnlySpan<char> digits, out int number)
        {
            number = 0;
            return digits.Length is >= 1 and <= 3 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");
}
