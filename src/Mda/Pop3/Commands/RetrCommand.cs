using MailSuite.Mda.Metrics;
using MailSuite.Mda.Pop3.Replies;

namespace MailSuite.Mda.Pop3.Commands;

/// <summary>RETR: the message (RFC 1939 §5).</summary>
internal sealed class RetrCommand(Maildrops maildrops) : IPop3Command
{
    public string Keyword => "RETR";

    public Pop3States AllowedIn => Pop3States.Transaction;

    public async ValueTask<Pop3Reply?> ExecuteAsync(Pop3Session session, string arguments)
    {
        if (MessageArgument.Find(session, arguments, out var number) is { } refusal)
            return refusal;
        if (await maildrops.ReadAsync(session.Maildrop, number) is not { } content)
            return Pop3Replies.MessageIsGone;

        await MessageOutput.SendAsync(session.Connection, Pop3Replies.MessageFollows(session.Maildrop.OctetsOf(number)), content, top: null);
        Pop3Meter.Fetched();
        return null;
    }
}
