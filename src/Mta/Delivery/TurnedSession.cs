using MailSuite.Mta.Routing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Mta.Spool;

namespace MailSuite.Mta.Delivery;

/// <summary>A session in which the host that connected to us has become the server: its mail goes out over its own connection (RFC 821 §3.8, RFC 2645 §5.3).</summary>
/// <remarks>It begins as a new connection does, with the other side's 220. Whether there is TLS was settled before the roles turned.</remarks>
/// <param name="session">Not opened yet.</param>
/// <param name="host">What the host called itself.</param>
/// <param name="peer">Its name and address.</param>
/// <param name="verb">The command by which the roles were turned.</param>
internal sealed class TurnedSession(ClientSession session, string host, string peer, string verb)
{
    private int _greetingLines;

    /// <summary>Whether a message can follow.</summary>
    public bool IsUsable { get; private set; }

    /// <summary>TLS was settled, by whoever wanted it, before the roles were turned.</summary>
    public static Transport TransportOf(string verb) => new(verb, 0) { Tls = TlsPolicy.None };

    /// <summary>How its mail comes to it, for the journey.</summary>
    public Route.To Route { get; } = new([new MxHost(host, null)], $"{peer} has turned its session with {verb} to fetch the mail of its domain.", TransportOf(verb));

    /// <summary>Waits for its greeting and greets it.</summary>
    /// <returns>Why nothing can be sent; <see langword="null"/> when a message can follow.</returns>
    public async Task<string?> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var opening = await session.OpenAsync(useTls: false, cancellationToken);
            IsUsable = opening is SessionOpening.Ready;
            _greetingLines = session.Transcript.Count;
            return opening switch
            {
                SessionOpening.Ready => null,
                SessionOpening.Refused(var reply) => reply.ToString(),
                SessionOpening.Loop(_, var reason) => reason,
                _ => throw new InvalidOperationException($"There is no opening {opening} without TLS."),
            };
        }
        catch (DialogueBrokenException e)
        {
            return e.Message;
        }
    }

    /// <summary>Sends one message; the promise of <paramref name="delivered"/> is that of <see cref="ClientSession.DeliverAsync"/>, and it has ended when this has.</summary>
    public async Task<CourierReport> DeliverAsync(
        OutboundMessage message, IReadOnlyList<QueuedRecipient> recipients, Func<IReadOnlyList<RecipientResult>, Task> delivered, CancellationToken cancellationToken)
    {
        // Of the dialogue each message shows the greeting and its own part.
        session.Transcript.CutTo(_greetingLines);
        IsUsable = false;
        var result = await session.DeliverAsync(message, recipients, delivered, cancellationToken);
        await result.Committing;
        var told = new SessionReport(peer, session.Tls, result.Results, session.Transcript.ToList()) { Security = session.Security };
        var report = new CourierReport(result.Results, [told], Unreachable: false);
        IsUsable = result.IsUsable && await session.ResetAsync(cancellationToken);
        return report;
    }

    public Task QuitAsync() => session.QuitAsync();
}
