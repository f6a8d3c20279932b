using MailSuite.Mda.Pop3.Grammar;
using MailSuite.Mda.Pop3.Replies;

namespace MailSuite.Mda.Pop3.Commands;

/// <summary>TOP: the header and the first lines of the body (RFC 1939 §7).</summary>
internal sealed class TopCommand(Maildrops maildrops) : IPop3Command
{
    public string Keyword => "TOP";

    public Pop3States AllowedIn => Pop3States.Transaction;

    public async ValueTask<Pop3Reply?> ExecuteAsync(Pop3Session session, string arguments)
    {
        if (!MessageNumber.TryParseTop(arguments, out var number, out var lines))
            return Pop3Replies.BadTopArguments;
        if (MessageArgument.Check(session.Maildrop, number) is { } refusal)
            return refusal;
        if (await maildrops.ReadAsync(session.Maildrop, number.Value) is not { } content)
            return Pop3Replies.MessageIsGone;

        await MessageOutput.SendAsync(session.Connection, Pop3Replies.TopFollows, content, new TopOfMessage(lines));
        return null;
    }
}
