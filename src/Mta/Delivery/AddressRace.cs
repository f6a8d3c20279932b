using System.Net;
using System.Net.Sockets;

namespace MailSuite.Mta.Delivery;

/// <summary>Which of a host's addresses is used: they are tried in a staggered way, and the first that answers wins (RFC 8305).</summary>
internal static class AddressRace
{
    /// <summary>RFC 8305 §8: Connection Attempt Delay.</summary>
    public static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(250);

    /// <summary>IPv6 and IPv4 in turn, IPv6 first, each family in its own order (RFC 8305 §4).</summary>
    public static IReadOnlyList<IPAddress> Interleave(IReadOnlyList<IPAddress> addresses)
    {
        var sixth = addresses.Where(address => address.AddressFamily == AddressFamily.InterNetworkV6).ToList();
        var fourth = addresses.Where(address => address.AddressFamily != AddressFamily.InterNetworkV6).ToList();
        if (sixth.Count == 0 || fourth.Count == 0)
            return addresses;

        var order = new List<IPAddress>(addresses.Count);
        for (var i = 0; i < Math.Max(sixth.Count, fourth.Count); i++)
        {
            if (i < sixth.Count)
                order.Add(sixth[i]);
            if (i < fourth.Count)
                order.Add(fourth[i]);
        }

        return order;
    }

    /// <summary>
    /// Starts one attempt after the other, <see cref="Stagger"/> apart, the next at once when all before it have failed. When one has come about, the others
    /// are cancelled, and what they bring all the same is closed.
    /// </summary>
    /// <param name="connect">A failure is a result, not an exception; only cancellation is one.</param>
    /// <returns>The winner, if any, the failures before it, and how many were started: the caller goes on behind them.</returns>
    public static async Task<(Connection.Made? Winner, IReadOnlyList<Connection.Failed> Failures, int Started)> RunAsync(
        IReadOnlyList<EndPoint> candidates, Func<EndPoint, CancellationToken, Task<Connection>> connect, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (candidates.Count == 1)
        {
            return await connect(candidates[0], cancellationToken) switch
            {
                Connection.Made made => (made, [], 1),
                var other => (null, [(Connection.Failed)other], 1),
            };
        }

        using var losing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<Connection>>();
        var failures = new List<Connection.Failed>();
        var started = 0;
        try
        {
            var pause = Task.CompletedTask;
            while (true)
            {
                if (started < candidates.Count && (running.Count == 0 || pause.IsCompleted))
                {
                    running.Add(connect(candidates[started++], losing.Token));
                    pause = Task.Delay(Stagger, clock, losing.Token);
                }

                if (running.Count == 0)
                    return (null, failures, started);

                var ready = await Task.WhenAny(started < candidates.Count ? [.. running, pause] : running);
                cancellationToken.ThrowIfCancellationRequested();
                if (ready is not Task<Connection> done)
                    continue;

                running.Remove(done);
                switch (await done)
                {
                    case Connection.Made made:
                        return (made, failures, started);
                    case Connection.Failed failed:
                        failures.Add(failed);
                        break;
                }
            }
        }
        finally
        {
            await losing.CancelAsync();
            foreach (var loser in running)
                _ = CloseAsync(loser);
        }
    }

    private static async Task CloseAsync(Task<Connection> loser)
    {
        try
        {
            if (await loser is Connection.Made made)
                await made.Transport.DisposeAsync();
        }
        catch (OperationCanceledException)
        {
            // As it should be.
        }
    }
}
