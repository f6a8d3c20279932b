using System.Collections.Concurrent;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mua.Terminals;

/// <summary>Knows the open pages of each account and what stands on them.</summary>
internal sealed partial class TerminalRegister(IJourneyRecorder journeys, MuaOptions options, TimeProvider clock, ILogger<TerminalRegister> log) : ITerminals
{
    private readonly ConcurrentDictionary<AccountId, Terminal> _terminals = new();

    public bool IsThere(AccountId account) => _terminals.TryGetValue(account, out var terminal) && terminal.ConnectedPages.Count > 0;

    public async ValueTask<TerminalOutcome> ShowAsync(AccountId account, TerminalMessage message, CancellationToken cancellationToken)
    {
        Sweep();
        if (!_terminals.TryGetValue(account, out var terminal) || terminal.ConnectedPages is not { Count: > 0 } pages)
            return TerminalOutcome.NobodyThere;

        if (await TerminalNotice.ReadAsync(message, cancellationToken) is not { } notice)
            return TerminalOutcome.NotShowable;

        if (!terminal.TryAdd(notice))
            return TerminalOutcome.NobodyThere;

        if (!await IsShownAsync(pages, notice, cancellationToken))
        {
            Dismiss(account, notice.Id);
            return TerminalOutcome.NobodyThere;
        }

        journeys.Record(new JourneyEvent(message.Journey, clock.GetUtcNow(), MailRole.Mua, JourneyStep.Shown, options.HostName, $"Shown on the screen of {message.Recipient}")
        {
            Reason = message.IsKept ? "a page of the webmail is open; the mailbox gets the message too" : "a page of the webmail is open; nothing is stored",
            Recipients = [message.Recipient],
        });
        return TerminalOutcome.Shown;
    }

    /// <summary>A page has opened; it is one of the account's until the result is disposed.</summary>
    internal IDisposable Open(AccountId account, ITerminalPage page)
    {
        while (true)
        {
            var terminal = _terminals.GetOrAdd(account, _ => new Terminal(clock));
            if (terminal.TryOpen(page))
                return new Opened(terminal, page);
            _terminals.TryRemove(KeyValuePair.Create(account, terminal));
        }
    }

    /// <summary>What stands on the account's screens, the oldest first.</summary>
    internal IReadOnlyList<TerminalNotice> NoticesOf(AccountId account) => _terminals.TryGetValue(account, out var terminal) ? terminal.Notices : [];

    /// <summary>Takes a notice off all screens of the account.</summary>
    internal void Dismiss(AccountId account, Guid notice)
    {
        if (!_terminals.TryGetValue(account, out var terminal) || !terminal.Remove(notice))
            return;

        foreach (var page in terminal.ConnectedPages)
            page.Refresh();
    }

    /// <summary>One page is enough.</summary>
    private async Task<bool> IsShownAsync(IReadOnlyList<ITerminalPage> pages, TerminalNotice notice, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TerminalLimits.ShowTimeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await foreach (var asked in Task.WhenEach(pages.Select(page => AskAsync(page, notice, both.Token))))
        {
            if (await asked)
                return true;
        }

        return false;
    }

    private async Task<bool> AskAsync(ITerminalPage page, TerminalNotice notice, CancellationToken cancellationToken)
    {
        try
        {
            // A page that hangs must not hold its answer back for ever.
            return await page.ShowAsync(notice, cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception e)
        {
            LogPageFailed(log, e.Message);
            return false;
        }
    }

    /// <summary>Forgets accounts whose last page is long gone, with what stood on it.</summary>
    private void Sweep()
    {
        foreach (var (account, terminal) in _terminals)
        {
            if (terminal.TryAbandon())
                _terminals.TryRemove(KeyValuePair.Create(account, terminal));
        }
    }

    [LoggerMessage(LogLevel.Debug, "A page could not show a message: {Reason}")]
    private static partial void LogPageFailed(ILogger logger, string reason);

    private sealed class Opened(Terminal terminal, ITerminalPage page) : IDisposable
    {
        public void Dispose() => terminal.Close(page);
    }
}
