using MailSuite.Mda.Pop3.Replies;

namespace MailSuite.Mda.Pop3.Commands;

/// <summary>LANG: in which language responses are (RFC 6856 §3.1). There is one, English.</summary>
internal sealed class LangCommand : IPop3Command
{
    public string Keyword => "LANG";

    public Pop3States AllowedIn => Pop3States.Any;

    public ValueTask<Pop3Reply?> ExecuteAsync(Pop3Session session, string arguments)
    {
        var range = arguments.Trim(' ');
        if (range.Length > 0)
            return new(IsEnglish(range) ? Pop3Replies.LanguageSet : Pop3Replies.NoSuchLanguage);

        session.Connection.Write(Pop3Replies.LanguagesFollow);
        session.Connection.Write("en English\r\n.\r\n"u8);
        return new((Pop3Reply?)null);
    }

    /// <summary>A tag of English, the default of all protocols (RFC 2277 §4.5), or what the administrator prefers.</summary>
    private static bool IsEnglish(string range) =>
        range is "*" || range.Equals("en", StringComparison.OrdinalIgnoreCase) || range.StartsWith("en-", StringComparison.OrdinalIgnoreCase) || range.Equals("i-default", StringComparison.OrdinalIgnoreCase);
}
