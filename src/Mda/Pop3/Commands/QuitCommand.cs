using MailSuite.Mda.Metrics;
using MailSuite.Mda.Pop3.Replies;
using MailSuite.Mda.Store.Sqlite;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Pop3.Commands;

/// <summary>QUIT: from TRANSACTION through the UPDATE state, where the deleted messages are removed (RFC 1939 §6); then the server closes.</summary>
internal sealed class QuitCommand(Maildrops maildrops, ILogger<Pop3Server> log) : IPop3Command
{
    public string Keyword => "QUIT";

    public Pop3States AllowedIn => Pop3States.Any;

    public async ValueTask<Pop3Reply?> ExecuteAsync(Pop3Session session, string arguments)
    {
        if (arguments.Length > 0)
            return Pop3Replies.NoArguments;
        if (session.State != Pop3States.Transaction)
            return Pop3Replies.Goodbye;

        var maildrop = session.Maildrop;
        var deleted = maildrop.LastNumber - maildrop.Count;
        try
        {
            await maildrops.UpdateAsync(maildrop);
        }
        catch (StoreFault fault)
        {
            log.NotRemoved(maildrop.Account.Address, fault.Message);
            return Pop3Replies.NotRemoved;
        }
        finally
        {
            // Before the response: whoever hears it may sign in again at once.
            session.CloseMaildrop();
        }

        if (deleted > 0)
        {
            Pop3Meter.Removed(deleted);
            log.Removed(maildrop.Account.Address, deleted);
        }

        return Pop3Replies.Goodbye;
    }
}
