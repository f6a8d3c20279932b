using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MailSuite.Mta.Routing;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Delivery;

/// <summary>Asks the primary of a domain, by MAIL and RCPT and no message, whether it has a recipient. What it does not say at once counts as a yes.</summary>
/// <remarks>A yes is remembered for a day, a no for an hour, no answer for a minute.</remarks>
internal sealed partial class PrimaryCheck(
    RelayOptions options, RouteTable routes, Router router, IDnsResolver dns, Dialer dialer, ClientConditions conditions, TimeProvider clock, ILogger<PrimaryCheck> logger) : IDisposable
{
    /// <summary>Recipients remembered.</summary>
    internal const int MaxAnswers = 10_000;

    /// <summary>Hosts asked about one recipient.</summary>
    private const int MaxHosts = 2;

    /// <summary>Characters of its reply that are passed on.</summary>
    private const int MaxWords = 200;

    /// <summary>Sessions at once; who strolls through names does not make us flood the primary.</summary>
    private const int MaxSessions = 10;

    internal static readonly TimeSpan YesLifetime = TimeSpan.FromDays(1);
    internal static readonly TimeSpan NoLifetime = TimeSpan.FromHours(1);
    internal static readonly TimeSpan DoubtLifetime = TimeSpan.FromMinutes(1);

    private static readonly PrimaryAnswer Taken = new(null, "");

    private readonly AnswerCache<EnvelopeAddress> _answers = new(MaxAnswers, clock);
    private readonly ConcurrentDictionary<Domain, DateTimeOffset> _downUntil = new();
    private readonly SemaphoreSlim _sessions = new(MaxSessions);

    public ValueTask<PrimaryAnswer> AskAsync(EnvelopeAddress recipient, CancellationToken cancellationToken) =>
        // A primary that is down is not waited for once more by each recipient. Only domains of the settings are ever asked about, so these are few.
        _downUntil.TryGetValue(recipient.Domain, out var until) && clock.GetUtcNow() < until
            ? new(Taken)
            : _answers.GetAsync(recipient, () => FindAsync(recipient), cancellationToken);

    public void Dispose() => _sessions.Dispose();

    private async Task<(PrimaryAnswer Answer, TimeSpan Lifetime)> FindAsync(EnvelopeAddress recipient)
    {
        using var timer = new CancellationTokenSource(options.Routing.BackupAskTimeout, clock);
        try
        {
            await _sessions.WaitAsync(timer.Token);
            try
            {
                switch (await router.FindAsync(routes.Tell(recipient, ReversePath.Null).First, recipient.Domain, timer.Token))
                {
                    case Route.None(var status, var reason):
                        return (new PrimaryAnswer(status, reason), NoLifetime);
                    case Route.To to when await AskHostsAsync(to, recipient, timer.Token) is { } reply:
                        return reply.IsPositive ? (Taken, YesLifetime)
                            : reply.IsPermanent ? (new PrimaryAnswer(reply.Status.Subject == 0 ? StatusCodes.NoSuchMailbox : reply.Status, WordsOf(reply, recipient.Domain)), NoLifetime)
                            : (Taken, DoubtLifetime);
                }
            }
            finally
            {
                _sessions.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // Its time is over.
        }
        catch (Exception e)
        {
            LogFault(e, recipient.Domain);
        }

        _downUntil[recipient.Domain] = clock.GetUtcNow() + DoubtLifetime;
        return (Taken, TimeSpan.Zero);
    }

    private async Task<RemoteReply?> AskHostsAsync(Route.To route, EnvelopeAddress recipient, CancellationToken cancellationToken)
    {
        foreach (var mx in route.Hosts.Take(MaxHosts))
        {
            var host = new NextHost(mx.Name, mx.Address, mx.Port ?? route.Transport.Port, route.Transport, route.Transport.Tls);
            var ends = await EndPointsAsync(host, cancellationToken);
            var useTls = host.Tls != TlsPolicy.None;
            // Where TLS does not work and need not, once more without.
            while (ends.Count > 0)
            {
                var (made, _, _) = await dialer.ConnectAsync(route.Transport, ends, cancellationToken);
                if (made is null)
                    break;

                await using var session = new ClientSession(made.Transport, host, conditions) { Connection = made };
                var (opening, reply) = await AskAsync(session, recipient, useTls, cancellationToken);
                if (reply is not null)
                    return reply;
                if (opening is not SessionOpening.TlsFailed || !useTls)
                    break;
                useTls = false;
            }
        }

        return null;
    }

    private static async Task<(SessionOpening? Opening, RemoteReply? Reply)> AskAsync(ClientSession session, EnvelopeAddress recipient, bool useTls, CancellationToken cancellationToken)
    {
        try
        {
            var opening = await session.OpenAsync(useTls, cancellationToken);
            if (opening is not SessionOpening.Ready)
                return (opening, null);

            var reply = await session.AskAsync(recipient, cancellationToken);
            await session.QuitAsync(cancellationToken);
            return (opening, reply);
        }
        catch (DialogueBrokenException)
        {
            // The next host may know.
            return (null, null);
        }
    }

    private async Task<IReadOnlyList<EndPoint>> EndPointsAsync(NextHost host, CancellationToken cancellationToken) =>
        host.Transport.UnixSocket is { } path ? [new UnixDomainSocketEndPoint(path)]
        : host.Address is not null ? [new IPEndPoint(host.Address, host.Port)]
        : await dns.AddressesAsync(host.Name, cancellationToken) is DnsAnswer<IPAddress>.Found found
            ? [.. AddressRace.Interleave(found.Records).Select(address => new IPEndPoint(address, host.Port))]
            : [];

    private static string WordsOf(RemoteReply reply, Domain domain)
    {
        var said = reply.Lines[^1];
        // The status code goes before all of it.
        var words = EnhancedStatusCode.TryReadPrefix(said, out _) && said.IndexOf(' ', StringComparison.Ordinal) is var blank and > 0 ? said[(blank + 1)..] : said;
        return $"The first MX of {domain.Ascii} refuses it: {(words.Length > MaxWords ? words[..MaxWords] : words)}";
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Asking the primary of {Domain} about a recipient has ended in a fault of our own; the mail is taken")]
    private partial void LogFault(Exception error, Domain domain);
}

/// <param name="Refusal"><see langword="null"/> when mail for the recipient is to be taken.</param>
internal sealed record PrimaryAnswer(EnhancedStatusCode? Refusal, string Reason);
