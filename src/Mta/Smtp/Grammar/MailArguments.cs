using System.Diagnostics.CodeAnalysis;
using System.Text;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Smtp.Grammar;

/// <summary>The arguments of MAIL: <c>FROM: Reverse-path [SP Mail-parameters]</c> (RFC 5321 §4.1.1.2).</summary>
/// <remarks>DEVIATION: blanks after the colon are tolerated; the grammar has none, and many programs send one.</remarks>
/// <param name="PathIsAscii">Whether the path as sent is ASCII, its domain too.</param>
internal sealed record MailArguments(ReversePath ReversePath, bool PathIsAscii, IReadOnlyList<EsmtpParameter> Parameters)
{
    private const string Keyword = "FROM:";

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out MailArguments? arguments, [NotNullWhen(false)] out SmtpReply? error)
    {
        arguments = null;
        error = SmtpReplies.BadMailSyntax;
        if (!text.StartsWith(Keyword, StringComparison.OrdinalIgnoreCase))
            return false;

        var rest = text[Keyword.Length..].TrimStart(' ');
        if (!ReversePath.TryRead(rest, out var path, out var consumed))
            return false;

        error = SmtpReplies.BadParameter;
        if (!EsmtpParameter.TryReadAll(rest[consumed..], out var parameters))
            return false;

        error = null;
        arguments = new MailArguments(path, Ascii.IsValid(rest[..consumed]), parameters);
        return true;
    }
}
