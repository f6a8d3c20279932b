using System.Collections.Concurrent;
using System.Text;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mua;

namespace MailSuite.Testing;

/// <summary>Screens in memory.</summary>
public sealed class FakeTerminals : ITerminals
{
    private readonly ConcurrentDictionary<AccountId, TerminalOutcome> _there = new();
    private readonly ConcurrentQueue<ShownMessage> _shown = new();

    /// <summary>What has been shown, in order.</summary>
    public IReadOnlyList<ShownMessage> Shown => [.. _shown];

    /// <summary>Thrown at every showing.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Somebody sits down; with another outcome it fails when it comes to showing.</summary>
    public void SitDown(AccountId account, TerminalOutcome outcome = TerminalOutcome.Shown) => _there[account] = outcome;

    public bool IsThere(AccountId account) => _there.ContainsKey(account);

    public async ValueTask<TerminalOutcome> ShowAsync(AccountId account, TerminalMessage message, CancellationToken cancellationToken)
    {
        if (Failure is not null)
            throw Failure;
        if (!_there.TryGetValue(account, out var outcome))
            return TerminalOutcome.NobodyThere;
        if (outcome != TerminalOutcome.Shown)
            return outcome;

        await using var content = message.Content.OpenRead();
        using var reader = new StreamReader(content, Encoding.UTF8);
        _shown.Enqueue(new ShownMessage(account, message, await reader.ReadToEndAsync(cancellationToken)));
        return TerminalOutcome.Shown;
    }
}

public sealed record ShownMessage(AccountId Account, TerminalMessage Message, string Text);
