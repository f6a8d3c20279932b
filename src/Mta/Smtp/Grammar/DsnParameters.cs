using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using MailSuite.Mta.Envelope;

namespace MailSuite.Mta.Smtp.Grammar;

/// <summary>The values of NOTIFY, ORCPT, RET and ENVID (RFC 3461 §4).</summary>
internal static class DsnParameters
{
    /// <summary>Characters of ENVID as sent (RFC 3461 §5.4).</summary>
    public const int MaxEnvelopeIdCharacters = 100;

    /// <summary>Characters of ORCPT as sent, its type included (RFC 3461 §5.4).</summary>
    public const int MaxOriginalRecipientCharacters = 500;

    private const string Utf8Type = "utf-8";

    private static readonly SearchValues<char> Specials = SearchValues.Create("()<>@,;:\\\".[]");

    /// <summary><c>NEVER</c>, or a list of <c>SUCCESS</c>, <c>FAILURE</c> and <c>DELAY</c> (RFC 3461 §4.1).</summary>
    public static bool TryParseNotify(ReadOnlySpan<char> text, out Notify notify)
    {
        notify = Notify.Unspecified;
        if (text.Equals("NEVER", StringComparison.OrdinalIgnoreCase))
        {
            notify = Notify.Never;
            return true;
        }

        foreach (var range in text.Split(','))
        {
            var element = text[range];
            if (element.Equals("SUCCESS", StringComparison.OrdinalIgnoreCase))
                notify |= Notify.Success;
            else if (element.Equals("FAILURE", StringComparison.OrdinalIgnoreCase))
                notify |= Notify.Failure;
            else if (element.Equals("DELAY", StringComparison.OrdinalIgnoreCase))
                notify |= Notify.Delay;
            else
                return false;
        }

        return true;
    }

    /// <summary>The value of NOTIFY that <see cref="TryParseNotify"/> reads; not for <see cref="Notify.Unspecified"/>, which is the absence of it.</summary>
    public static string ToText(Notify notify)
    {
        if (notify == Notify.Never)
            return "NEVER";

        var elements = new List<string>(3);
        if (notify.HasFlag(Notify.Success))
            elements.Add("SUCCESS");
        if (notify.HasFlag(Notify.Failure))
            elements.Add("FAILURE");
        if (notify.HasFlag(Notify.Delay))
            elements.Add("DELAY");
        return string.Join(',', elements);
    }

    /// <summary><c>FULL</c> or <c>HDRS</c> (RFC 3461 §4.3).</summary>
    public static bool TryParseReturn(ReadOnlySpan<char> text, out ReturnContent content)
    {
        content = text.Equals("HDRS", StringComparison.OrdinalIgnoreCase) ? ReturnContent.Headers : ReturnContent.Full;
        return content == ReturnContent.Headers || text.Equals("FULL", StringComparison.OrdinalIgnoreCase);
    }

    public static string ToText(ReturnContent content) => content == ReturnContent.Headers ? "HDRS" : "FULL";

    /// <summary>xtext of printable ASCII (RFC 3461 §4.4): a report has to repeat it in a field.</summary>
    public static bool TryParseEnvelopeId(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? id)
    {
        id = null;
        return text.Length is > 0 and <= MaxEnvelopeIdCharacters && XText.TryDecode(text, out id) && IsPrintable(id);
    }

    /// <summary><c>addr-type ";" xtext</c> (RFC 3461 §4.2), or the forms of RFC 6533 §3 for the type <c>utf-8</c>.</summary>
    /// <param name="unicode">Whether the transaction has SMTPUTF8, so that characters beyond ASCII may stand for themselves.</param>
    public static bool TryParseOriginalRecipient(ReadOnlySpan<char> text, bool unicode, [NotNullWhen(true)] out OriginalRecipient? recipient)
    {
        recipient = null;
        var semicolon = text.IndexOf(';');
        if (text.Length > MaxOriginalRecipientCharacters || semicolon < 1 || !IsAtom(text[..semicolon]))
            return false;

        var type = text[..semicolon];
        var encoded = text[(semicolon + 1)..];
        var good = IsUtf8(type)
            ? Utf8AddressXText.TryDecode(encoded, unicode, out var address)
            : XText.TryDecode(encoded, out address) && IsPrintable(address);
        if (!good || string.IsNullOrWhiteSpace(address))
            return false;

        recipient = new OriginalRecipient(type.ToString(), address);
        return true;
    }

    /// <summary>The value of ORCPT in ASCII, which every server with DSN can take.</summary>
    public static string ToText(OriginalRecipient recipient) =>
        $"{recipient.Type};{(IsUtf8(recipient.Type) ? Utf8AddressXText.Encode(recipient.Address) : XText.Encode(recipient.Address))}";

    /// <summary>The address as a report names it (RFC 6533 §4): decoded, in ASCII.</summary>
    public static string ToReportText(OriginalRecipient recipient) =>
        $"{recipient.Type}; {(IsUtf8(recipient.Type) ? Utf8AddressXText.Encode(recipient.Address) : recipient.Address)}";

    private static bool IsUtf8(ReadOnlySpan<char> type) => type.Equals(Utf8Type, StringComparison.OrdinalIgnoreCase);

    /// <summary>RFC 3461 §4.2, §4.4: graphic characters and blanks only.</summary>
    private static bool IsPrintable(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange(' ', '~');

    /// <summary>atom (RFC 3461 §2): no blanks, no controls, no specials.</summary>
    private static bool IsAtom(ReadOnlySpan<char> text) =>
        !text.ContainsAnyExceptInRange('!', '~') && !text.ContainsAny(Specials);
}
