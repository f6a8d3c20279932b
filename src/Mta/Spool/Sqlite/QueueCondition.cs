using System.Globalization;
using System.Text;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>A filter as a condition on a recipient <c>r</c> of a message <c>m</c>.</summary>
/// <remarks>
/// What it says is computed as a column and looked at row by row, so that a scan of a long queue can stop when its time is over. Only what an index leads to is
/// <see cref="Narrow"/>.
/// </remarks>
internal sealed class QueueCondition
{
    /// <summary>The numbers of <see cref="RecipientState"/> that have something left to do or to look at.</summary>
    private const string Open = "r.State IN (0, 2, 4, 9)";

    private readonly List<string> _parts = [];
    private readonly List<(string Name, object Value)> _values = [];

    private QueueCondition()
    {
    }

    /// <summary>What rows to look at.</summary>
    public string Narrow { get; private set; } = "1";

    /// <summary>Which of them are meant.</summary>
    public string Fits { get; private set; } = Open;

    /// <summary>Whether any message can be meant.</summary>
    public bool IsEmpty { get; private set; }

    /// <param name="connection">Where the ids of messages are looked up.</param>
    public static QueueCondition Of(QueueFilter filter, SqliteConnection connection)
    {
        var condition = new QueueCondition();
        condition.Add(StatesOf(filter.States));
        if (filter.Ids.Count > 0)
            condition.NarrowTo(KeysOf(filter.Ids, connection));
        else if (filter.States is [QueueState.Undeliverable])
            condition.Narrow = "r.State = 4";

        if (filter.Domain is { } domain)
            condition.Add($"r.Address LIKE {condition.Value("%@" + Like(DomainText(domain)))} ESCAPE '\\'");
        if (filter.Recipient is { } recipient)
            condition.Add($"r.Address LIKE {condition.Value(Like(AddressText(recipient)))} ESCAPE '\\'");
        if (filter.Sender is { } sender)
            condition.Add(condition.SenderIs("m.ReversePath", sender));
        if (filter.NextHop is { } hop)
            condition.Add($"r.NextHop = {condition.Value(hop)}");
        if (filter.Before is { } before)
            condition.Add($"m.AcceptedAt < {condition.Value(before.ToUnixTimeMilliseconds())}");
        if (filter.After is { } after)
            condition.Add($"m.AcceptedAt >= {condition.Value(after.ToUnixTimeMilliseconds())}");
        if (filter.LargerThan is { } octets)
            condition.Add($"m.Octets > {condition.Value(octets)}");
        if (filter.Error is { } error)
        {
            var text = condition.Value($"%{Like(error)}%");
            condition.Add($"(r.Status LIKE {text} ESCAPE '\\' OR r.Reason LIKE {text} ESCAPE '\\' OR r.RemoteHost LIKE {text} ESCAPE '\\' OR r.RemoteReply LIKE {text} ESCAPE '\\')");
        }

        // What is not there is in no filter.
        condition.Fits = $"COALESCE({string.Join(" AND ", condition._parts)}, 0)";
        return condition;
    }

    public void BindTo(SqliteCommand command)
    {
        foreach (var (name, value) in _values)
            command.Parameters.AddWithValue(name, value);
    }

    /// <summary>A reverse-path: an address, a domain, or <c>&lt;&gt;</c>.</summary>
    public static string SenderPattern(string sender)
    {
        var bare = sender is ['<', .. var inner, '>'] ? inner : sender;
        return bare.Length == 0 ? "" : bare.LastIndexOf('@') > 0 ? Like(AddressText(bare)) : "%@" + Like(DomainText(bare));
    }

    /// <summary>As it stands in the tables: its domain in A-labels.</summary>
    public static string AddressText(string text) => EnvelopeAddress.TryParse(text, out var address) ? address.ToString() : text;

    public static string DomainText(string text) => Domain.TryParse(text.TrimStart('@'), out var domain) ? domain.Ascii : text;

    /// <summary>Text that LIKE takes as it is.</summary>
    public static string Like(string text) => new StringBuilder(text).Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_").ToString();

    private static string StatesOf(IReadOnlyList<QueueState> states)
    {
        if (states.Count == 0)
            return Open;

        var numbers = new[] { RecipientState.Waiting, RecipientState.Held, RecipientState.Failed, RecipientState.Undeliverable }
            .Where(state => states.Contains(QueueListing.StateOf(state, status: null))).Select(state => (int)state);
        return string.Create(CultureInfo.InvariantCulture, $"r.State IN ({string.Join(',', numbers)})");
    }

    private static List<long> KeysOf(IReadOnlyList<string> ids, SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Id FROM Messages WHERE QueueId = $id";
        var id = command.Parameters.Add("$id", SqliteType.Text);
        var keys = new List<long>();
        foreach (var text in ids)
        {
            id.Value = text;
            if (command.ExecuteScalar() is long key)
                keys.Add(key);
        }

        return keys;
    }

    private string SenderIs(string column, string sender) =>
        SenderPattern(sender) is { Length: > 0 } pattern ? $"{column} LIKE {Value(pattern)} ESCAPE '\\'" : $"{column} = ''";

    private void NarrowTo(List<long> keys)
    {
        IsEmpty = keys.Count == 0;
        Narrow = string.Create(CultureInfo.InvariantCulture, $"r.MessageId IN ({string.Join(',', keys)})");
    }

    private void Add(string part) => _parts.Add(part);

    private string Value(object value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"$f{_values.Count}");
        _values.Add((name, value));
        return name;
    }
}
