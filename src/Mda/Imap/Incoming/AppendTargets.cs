using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Mailboxes;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Incoming;

/// <summary>Finds where messages are to be appended, before any of them is read.</summary>
internal sealed class AppendTargets(MailboxNames names, Quotas quotas, ImapOptions options)
{
    /// <returns>The target; without one the answer that says why.</returns>
    internal async ValueTask<(AppendTarget? Target, ImapAnswer Refusal)> FindAsync(ImapSession session, string name, CancellationToken cancellationToken)
    {
        if (await names.ResolveAsync(session.AccountId, name, cancellationToken) is not { } mailbox)
            return (null, ImapAnswers.NoSuchTarget);
        return mailbox.Judge(MailboxRights.Insert) switch
        {
            null => (new AppendTarget(mailbox, await quotas.FindAsync(mailbox.Owner, cancellationToken)), ImapAnswer.Told),
            NamespaceRefusal.NoPermission => (null, ImapAnswers.NoPermission),
            _ => (null, ImapAnswers.NoSuchTarget),
        };
    }

    /// <summary>Answers a command whose messages are not wanted; what its client sends without being asked is read past.</summary>
    internal async ValueTask<ImapAnswer> RefuseAsync(ImapSession session, ImapCommandLine line, ImapAnswer answer)
    {
        if (line.Message is null)
            return answer;
        var part = await session.Reader.SkipRestAsync(options.MaxMessageOctets);
        return part == CommandPart.Whole ? answer : session.EndOf(part);
    }
}
