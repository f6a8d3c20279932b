using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Accounts;

/// <summary>An address is somebody's when mail to it comes to them: whoever gets the answers may write the letters.</summary>
internal sealed class Senders(RecipientDirectory recipients, MdaOptions options, SentMailCounts counts) : ISenders
{
    /// <summary>Aliases that a refusal names; it is one line of SMTP.</summary>
    private const int MaxNamed = 5;

    public async ValueTask<SenderVerdict> JudgeAsync(Account account, EnvelopeAddress sender, CancellationToken cancellationToken)
    {
        try
        {
            if (await OwnsAsync(account, sender, cancellationToken))
                return new SenderVerdict.Own();

            List<EnvelopeAddress> allowed = [account.Address];
            foreach (var alias in options.Aliases.Keys.Where(alias => alias.LocalPart != "*").OrderBy(alias => alias.ToString(), StringComparer.Ordinal))
            {
                if (allowed.Count > MaxNamed)
                    break;
                if (!alias.Equals(account.Address) && await OwnsAsync(account, alias, cancellationToken))
                    allowed.Add(alias);
            }

            return new SenderVerdict.NotOwn(allowed);
        }
        catch (StoreFault fault)
        {
            return new SenderVerdict.Unavailable(fault.Reason);
        }
    }

    public async ValueTask<SentMail> SentAsync(Account account, CancellationToken cancellationToken)
    {
        try
        {
            return await counts.OfLastDayAsync(account.Id, cancellationToken);
        }
        catch (StoreFault)
        {
            return default;
        }
    }

    public async ValueTask<bool> TryCountAsync(Account account, int messageRecipients, SentMail limit, CancellationToken cancellationToken)
    {
        try
        {
            return await counts.TryAddAsync(account.Id, messageRecipients, limit, cancellationToken);
        }
        catch (StoreFault)
        {
            return true;
        }
    }

    private async ValueTask<bool> OwnsAsync(Account account, EnvelopeAddress address, CancellationToken cancellationToken) =>
        (await recipients.ResolveAsync(address, add: false, cancellationToken)).Accounts.Any(entry => entry.Account.Id == account.Id);
}
