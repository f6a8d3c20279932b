using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store.Sqlite;

/// <summary>What an item of the writer works with: the connection inside the transaction, and a list of what is to follow the commit.</summary>
internal sealed class WriteTurn
{
    private readonly Dictionary<MailboxId, MailboxChanged> _changes = [];
    private readonly List<string> _files = [];
    private readonly List<FiledBody> _filedBodies = [];
    private readonly List<long> _bodiesGone = [];
    private StoreConnection? _connection;

    /// <summary>The mailboxes changed in this turn, one notice each.</summary>
    internal IReadOnlyCollection<MailboxChanged> Changes => _changes.Values;

    /// <summary>Names of body files that nothing points to any more.</summary>
    internal IReadOnlyList<string> UnreferencedFiles => _files;

    /// <summary>Where bodies were filed whose previews are still to be derived.</summary>
    internal IReadOnlyList<FiledBody> FiledBodies => _filedBodies;

    /// <summary>Bodies whose last message went.</summary>
    internal IReadOnlyList<long> BodiesGone => _bodiesGone;

    internal StoreConnection Connection => _connection ?? throw new InvalidOperationException("A turn is used outside its transaction.");

    internal Statement Prepare(string sql) => Connection.Prepare(sql);

    internal void MailboxChanged(AccountId account, MailboxId mailbox, ModSeq modSeq, int newMessages)
    {
        if (_changes.TryGetValue(mailbox, out var earlier))
            newMessages += earlier.NewMessages;
        _changes[mailbox] = new MailboxChanged(account, mailbox, modSeq, newMessages);
    }

    internal void Filed(FilingTarget target, ModSeq modSeq) => MailboxChanged(target.Account, target.Mailbox, modSeq, 1);

    internal void LacksPreview(long body, FilingTarget target, ModSeq modSeq) =>
        _filedBodies.Add(new FiledBody(body, new MailboxChanged(target.Account, target.Mailbox, modSeq, 0)));

    internal void BodyGone(long body) => _bodiesGone.Add(body);

    internal void FileUnreferenced(string name) => _files.Add(name);

    internal void Begin(StoreConnection connection)
    {
        _connection = connection;
        _changes.Clear();
        _files.Clear();
        _filedBodies.Clear();
        _bodiesGone.Clear();
    }
}

/// <summary>A body that came without its preview, and the notice that will tell its mailbox when its preview is there.</summary>
internal readonly record struct FiledBody(long Body, MailboxChanged Notice);
