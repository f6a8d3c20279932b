using System.Diagnostics.CodeAnalysis;
using System.Text;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Smtp.Grammar;

/// <summary>The arguments of RCPT: <c>TO: Forward-path [SP Rcpt-parameters]</c> (RFC 5321 §4.1.1.3).</summary>
/// <remarks>DEVIATION: blanks after the colon are tolerated, as for MAIL.</remarks>
/// <param name="PathIsAscii">Whether the path as sent is ASCII, its domain too.</param>
internal sealed record RcptArguments(ForwardPath ForwardPath, bool PathIsAscii, IReadOnlyList<EsmtpParameter> Parameters)
{
    private const string Keyword = "TO:";

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out RcptArguments? arguments, [NotNullWhen(false)] out SmtpReply? error)
    {
        arguments = null;
        error = SmtpReplies.BadRcptSyntax;
        if (!text.StartsWith(Keyword, StringComparison.OrdinalIgnoreCase))
            return false;

        var rest = text[Keyword.Length..].TrimStart(' ');
        if (!ForwardPath.TryRead(rest, out var path, out var consumed))
            return false;

        error = SmtpReplies.BadParameter;
        if (!EsmtpParameter.TryReadAll(rest[consumed..], out var parameters))
            return false;

        error = null;
        arguments = new RcptArguments(path, Ascii.IsValid(rest[..consumed]), parameters);
        return true;
    }
}
