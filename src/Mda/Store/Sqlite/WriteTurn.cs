using MailSuite.Mda.Store.Snapshots;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>What an item of the writer works with: the connection inside the transaction, and a list of what is to follow the commit.</summary>
internal sealed class WriteTurn
{
    private readonly Dictionary<MailboxId, MailboxDelta> _deltas = [];
    private readonly List<string> _files = [];
    private readonly List<FiledBody> _filedBodies = [];
    private readonly List<long> _bodiesGone = [];
    private readonly List<KeywordSet> _keywordSets = [];
    private StoreConnection? _connection;

    /// <summary>What was done to each mailbox.</summary>
    internal IReadOnlyCollection<MailboxDelta> Deltas => _deltas.Values;

    /// <summary>Names of body files that nothing points to any more.</summary>
    internal IReadOnlyList<string> UnreferencedFiles => _files;

    /// <summary>Where bodies were filed whose previews are still to be derived.</summary>
    internal IReadOnlyList<FiledBody> FiledBodies => _filedBodies;

    /// <summary>Bodies whose last message went.</summary>
    internal IReadOnlyList<long> BodiesGone => _bodiesGone;

    /// <summary>Keyword sets that were made or met.</summary>
    internal IReadOnlyList<KeywordSet> KeywordSets => _keywordSets;

    internal StoreConnection Connection => _connection ?? throw new InvalidOperationException("A turn is used outside its transaction.");

    internal Statement Prepare(string sql) => Connection.Prepare(sql);

    /// <summary>Where a change of the mailbox is to be told: sessions that have it open follow the commit by it, others hear that something happened.</summary>
    /// <param name="modSeq">The ModSeq that the change took, one above the mailbox's highest before.</param>
    internal MailboxDelta Delta(AccountId account, MailboxId mailbox, long modSeq)
    {
        if (!_deltas.TryGetValue(mailbox, out var delta))
            _deltas.Add(mailbox, delta = new MailboxDelta(account, mailbox, modSeq - 1));
        delta.Touch(modSeq);
        return delta;
    }

    /// <summary>The mailbox is no more: sessions that have it open are told.</summary>
    internal void MailboxRemoved(AccountId account, MailboxId mailbox) => Delta(account, mailbox, modSeq: 1).IsRemoval = true;

    internal void LacksPreview(long body, FilingTarget target, long modSeq) =>
        _filedBodies.Add(new FiledBody(body, new MailboxChanged(target.Account, target.Mailbox, new ModSeq(modSeq), 0)));

    internal void BodyGone(long body) => _bodiesGone.Add(body);

    internal void FileUnreferenced(string name) => _files.Add(name);

    internal void Met(KeywordSet set) => _keywordSets.Add(set);

    internal void Begin(StoreConnection connection)
    {
        _connection = connection;
        _deltas.Clear();
        _files.Clear();
        _filedBodies.Clear();
        _bodiesGone.Clear();
        _keywordSets.Clear();
    }
}

/// <summary>A body that came without its preview, and the notice that will tell its mailbox when its preview is there.</summary>
internal readonly record struct FiledBody(long Body, MailboxChanged Notice);
