using System.Collections.Concurrent;
using System.Text;
using MailSuite.Mta.Spool;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>Keeps what is spooled, with its octets.</summary>
internal sealed class FakeSpool : ISpool
{
    private readonly ConcurrentQueue<Entry> _entries = new();
    private int _failures;

    /// <summary>Thrown at every acceptance, or as often as <see cref="FailAfter"/> leaves.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Acceptances that work before <see cref="Failure"/> is thrown.</summary>
    public int FailAfter { get; set; }

    public IReadOnlyList<Entry> Entries => [.. _entries];

    public async ValueTask AcceptAsync(IReadOnlyList<SpooledMessage> messages, CancellationToken cancellationToken)
    {
        if (Failure is not null && Interlocked.Increment(ref _failures) > FailAfter)
            throw Failure;

        foreach (var message in messages)
            await KeepAsync(message, cancellationToken);
    }

    public async ValueTask AcceptAsync(SpooledMessage message, CancellationToken cancellationToken)
    {
        if (Failure is not null && Interlocked.Increment(ref _failures) > FailAfter)
            throw Failure;

        await KeepAsync(message, cancellationToken);
    }

    private async ValueTask KeepAsync(SpooledMessage message, CancellationToken cancellationToken)
    {
        // As the true one: what is there already is left as it is.
        if (_entries.Any(entry => entry.Message.Id == message.Id))
            return;

        using var copy = new MemoryStream();
        await using var content = message.Content.OpenRead();
        await content.CopyToAsync(copy, cancellationToken);
        _entries.Enqueue(new Entry(message, Encoding.UTF8.GetString(copy.ToArray())) { Octets = copy.ToArray() });
    }

    internal sealed record Entry(SpooledMessage Message, string Text)
    {
        public required byte[] Octets { get; init; }
    }
}
