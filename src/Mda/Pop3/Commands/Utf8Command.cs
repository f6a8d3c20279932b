using MailSuite.Mda.Pop3.Replies;

namespace MailSuite.Mda.Pop3.Commands;

/// <summary>UTF8: the client reads headers in UTF-8 (RFC 6856 §2.1).</summary>
/// <remarks>
/// DEVIATION: RFC 6856 §4 has a message with such a header hidden from, or rewritten for, a client that did not say so. It is sent as it is:
/// clients that are older than the command show it or a few wrong letters, and a message that cannot be fetched would be fetched again for ever.
/// </remarks>
internal sealed class Utf8Command : IPop3Command
{
    public string Keyword => "UTF8";

    public Pop3States AllowedIn => Pop3States.Authorization;

    public ValueTask<Pop3Reply?> ExecuteAsync(Pop3Session session, string arguments) => new(arguments.Length > 0 ? Pop3Replies.NoArguments : Pop3Replies.Utf8On);
}
