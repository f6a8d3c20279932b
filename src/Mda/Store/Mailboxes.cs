using MailSuite.Mda.Search;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;

namespace MailSuite.Mda.Store;

/// <summary>An account's mailboxes, to read and to change.</summary>
internal sealed class Mailboxes(
    MailStore store, MessageStore messages, MessageStaging staging, AccountSearch searches, FirstReadings firstReadings, IJourneyRecorder journeys, MdaOptions options, TimeProvider clock) : IMailboxes
{
    private const int MaxPage = 500;

    public ValueTask<IReadOnlyList<Mailbox>> ListAsync(AccountId account, CancellationToken cancellationToken) =>
        store.ReadAsync(account, MailboxStatements.List, cancellationToken);

    public ValueTask<Mailbox?> FindAsync(AccountId account, MailboxId mailbox, CancellationToken cancellationToken) =>
        store.ReadAsync((account, mailbox), MailboxStatements.Find, cancellationToken);

    public async ValueTask<MessagePage> PageAsync(AccountId account, MailboxId mailbox, MessagePageRequest request, CancellationToken cancellationToken)
    {
        var bounded = request with { Skip = Math.Max(0, request.Skip), Limit = Math.Clamp(request.Limit, 1, MaxPage) };
        return await store.ReadAsync((account, mailbox, bounded), MessageReading.ReadPage, cancellationToken) ?? new MessagePage([], 0);
    }

    public ValueTask<IReadOnlyList<MessageSummary>> SearchAsync(AccountId account, MessageSearch search, int limit, CancellationToken cancellationToken) =>
        searches.FindAsync(account, search, Math.Clamp(limit, 1, MaxPage), cancellationToken);

    public async ValueTask<StoredMessage?> OpenAsync(AccountId account, MailboxId mailbox, Uid uid, CancellationToken cancellationToken)
    {
        var opened = await store.ReadAsync((account, mailbox, uid, store.Bodies), MessageReading.Open, cancellationToken);
        if (opened is { Message.Journey: { } journey } && FirstReadings.IsFirst(opened.Message.Summary.Flags, opened.Fetched))
            await firstReadings.TellAsync(account, mailbox, [new FirstReading(uid, journey)]);
        return opened?.Message;
    }

    public async ValueTask<int> ChangeFlagsAsync(
        AccountId account, MailboxId mailbox, IReadOnlyList<Uid> uids, MessageFlags add, MessageFlags remove, CancellationToken cancellationToken)
    {
        var change = new FlagChange(FlagChangeMode.Add, add, []) { Without = remove };
        var storing = await messages.StoreFlagsAsync(mailbox, Numbers(uids), change, unchangedSince: null, cancellationToken, account);
        return CountOf(storing.Result, storing.There);
    }

    public async ValueTask<int> MoveAsync(AccountId account, MailboxId source, IReadOnlyList<Uid> uids, MailboxId target, CancellationToken cancellationToken)
    {
        if (source == target)
            return 0;
        var transfer = await messages.MoveAsync(source, Numbers(uids), target, cancellationToken, account);
        return CountOf(transfer.Result, transfer.Sources.Count);
    }

    public async ValueTask<int> ExpungeAsync(AccountId account, MailboxId mailbox, IReadOnlyList<Uid> uids, CancellationToken cancellationToken)
    {
        var expunging = await messages.ExpungeAsync(mailbox, Numbers(uids), onlyDeleted: false, cancellationToken, account);
        return CountOf(expunging.Result, expunging.Uids.Count);
    }

    public async ValueTask<AppendOutcome> AppendAsync(AccountId account, MailboxId mailbox, MessageAppend append, CancellationToken cancellationToken)
    {
        Filing filing;
        try
        {
            if (await FindAsync(account, mailbox, cancellationToken) is null)
                return Gone();

            var message = await staging.StageAsync(
                append.Id, append.Journey, default, append.Content, append.Flags, append.ReceivedAt ?? clock.GetUtcNow(), cancellationToken);
            filing = (await staging.CommitAsync(message, [new FilingTarget(account, mailbox)], cancellationToken))[0];
        }
        catch (StoreFault fault)
        {
            return new AppendOutcome.Refused(fault.Reason);
        }

        if (filing is { Result: FilingResult.Filed } && append.Journey is { } journey)
            await TellFiledAsync(account, mailbox, filing.Uid, journey);
        return filing.Result switch
        {
            FilingResult.Gone => Gone(),
            FilingResult.OverQuota => new AppendOutcome.Refused("The account is full."),
            _ => new AppendOutcome.Appended(filing.UidValidity, filing.Uid),
        };
    }

    private static AppendOutcome.Refused Gone() => new("There is no such mailbox.");

    private static uint[] Numbers(IReadOnlyList<Uid> uids) => [.. uids.Select(uid => uid.Value)];

    /// <summary>A mailbox that is not there has no messages; a disk that is full is a fault.</summary>
    private static int CountOf(StoreResult result, int messages) =>
        result == StoreResult.NoRoom ? throw new IOException("The mailbox store has no room for this change.") : messages;

    private async ValueTask TellFiledAsync(AccountId account, MailboxId mailbox, Uid uid, JourneyId journey)
    {
        // The message is stored by now: a caller who goes away must not hear that it was not.
        var owner = await store.ReadAsync(account, AccountStatements.Find, CancellationToken.None);
        var box = await FindAsync(account, mailbox, CancellationToken.None);
        journeys.Record(Event(journey, JourneyStep.Filed, $"Filed in {box?.Name} of {owner?.Account.Address} as UID {uid}.", owner?.Account));
    }

    private JourneyEvent Event(JourneyId journey, JourneyStep step, string summary, Account? owner) =>
        new(journey, clock.GetUtcNow(), MailRole.MessageStore, step, options.HostName, summary) { Recipients = owner is null ? [] : [owner.Address] };
}
