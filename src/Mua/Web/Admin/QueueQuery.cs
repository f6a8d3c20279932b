using System.Globalization;
using MailSuite.Shared.Contracts.Mta;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace MailSuite.Mua.Web.Admin;

/// <summary>What of the queue a page shows, as its address has it.</summary>
/// <param name="Id">A queue id.</param>
/// <param name="Older">At least so many minutes old.</param>
internal sealed record QueueQuery(string? Id, string? Domain, string? Sender, string? Recipient, QueueState? State, int? Older, string? Error, QueueSort Sort)
{
    /// <summary>Characters of each word.</summary>
    internal const int MaxCharacters = 320;

    /// <summary>States that a message in the queue can have.</summary>
    internal static readonly IReadOnlyList<QueueState> States = [QueueState.Waiting, QueueState.Held, QueueState.Failed, QueueState.Undeliverable];

    internal static readonly QueueQuery Everything = new(null, null, null, null, null, null, null, QueueSort.Oldest);

    internal bool IsEverything => this with { Sort = QueueSort.Oldest } == Everything;

    /// <summary>Words that mean nothing here are passed over.</summary>
    internal static QueueQuery Read(IQueryCollection query) => new(
        Word(query, "id"), Word(query, "domain"), Word(query, "sender"), Word(query, "recipient"),
        Enum.TryParse<QueueState>(query["state"], ignoreCase: true, out var state) && States.Contains(state) ? state : null,
        int.TryParse(query["older"], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and <= 5_000_000 ? minutes : null,
        Word(query, "error"),
        Enum.TryParse<QueueSort>(query["sort"], ignoreCase: true, out var sort) && Enum.IsDefined(sort) ? sort : QueueSort.Oldest);

    /// <summary>Reads what <see cref="ToAddress"/> wrote.</summary>
    internal static QueueQuery Of(string address) => Read(new QueryCollection(QueryHelpers.ParseQuery(address.Contains('?', StringComparison.Ordinal) ? address[address.IndexOf('?', StringComparison.Ordinal)..] : "")));

    internal QueueFilter ToFilter(DateTimeOffset now) => new()
    {
        Ids = Id is null ? [] : [Id],
        Domain = Domain,
        Sender = Sender,
        Recipient = Recipient,
        States = State is { } state ? [state] : [],
        Before = Older is { } minutes ? now - TimeSpan.FromMinutes(minutes) : null,
        Error = Error,
    };

    /// <summary>The address of the page that shows this.</summary>
    internal string ToAddress()
    {
        var words = new List<string>();
        foreach (var (name, value) in new[] { ("id", Id), ("domain", Domain), ("sender", Sender), ("recipient", Recipient), ("error", Error) })
        {
            if (value is not null)
                words.Add($"{name}={Uri.EscapeDataString(value)}");
        }

        if (State is { } state)
            words.Add($"state={state}");
        if (Older is { } older)
            words.Add(string.Create(CultureInfo.InvariantCulture, $"older={older}"));
        if (Sort != QueueSort.Oldest)
            words.Add($"sort={Sort}");
        return words.Count == 0 ? "/admin/queue" : $"/admin/queue?{string.Join('&', words)}";
    }

    private static string? Word(IQueryCollection query, string name) => query[name].ToString().Trim() is { Length: > 0 and <= MaxCharacters } word ? word : null;
}
