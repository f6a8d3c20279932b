using MailSuite.Mda.Pop3.Replies;

namespace MailSuite.Mda.Pop3.Commands;

/// <summary>NOOP: nothing (RFC 1939 §5).</summary>
internal sealed class NoopCommand : IPop3Command
{
    public string Keyword => "NOOP";

    public Pop3States AllowedIn => Pop3States.Transaction;

    public ValueTask<Pop3Reply?> ExecuteAsync(Pop3Session session, string arguments) => new(Pop3Replies.Nothing);
}
