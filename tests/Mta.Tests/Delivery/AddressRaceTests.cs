using System.Net;
using System.Net.Sockets;
using MailSuite.Mta.Delivery;
using MailSuite.Testing;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mta.Tests.Delivery;

/// <summary>RFC 8305, on a clock that stands still until it is moved.</summary>
public sealed class AddressRaceTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Dictionary<EndPoint, TaskCompletionSource<Connection>> _attempts = [];
    private readonly List<EndPoint> _cancelled = [];

    [Theory]
    [InlineData("::1 ::2 ::3 1.0.0.1 1.0.0.2", "::1 1.0.0.1 ::2 1.0.0.2 ::3")]
    [InlineData("1.0.0.1 1.0.0.2 ::1", "::1 1.0.0.1 1.0.0.2")]
    [InlineData("1.0.0.2 1.0.0.1", "1.0.0.2 1.0.0.1")]
    [InlineData("", "")]
    public void Takes_the_families_in_turn(string addresses, string order) =>
        Assert.Equal(Parse(order), AddressRace.Interleave(Parse(addresses)));

    [Fact]
    public async Task Starts_the_next_after_a_quarter_of_a_second_and_not_before()
    {
        var race = RunAsync(3);
        Assert.Single(_attempts);

        _clock.Advance(TimeSpan.FromMilliseconds(249));
        await Task.Yield();
        Assert.Single(_attempts);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await Queue.RelayScene.UntilAsync(() => _attempts.Count == 2);

        // The second is the first that answers; the third is never begun.
        var made = await WinAsync(2);
        var (winner, failures, started) = await race;
        Assert.Same(made, winner);
        Assert.Empty(failures);
        Assert.Equal(2, started);
        Assert.Equal([End(1)], _cancelled);
        await made.Transport.DisposeAsync();
    }

    [Fact]
    public async Task Starts_the_next_at_once_when_all_before_it_have_failed()
    {
        var race = RunAsync(2);
        _attempts[End(1)].SetResult(new Connection.Failed(End(1), "it is not there"));
        await Queue.RelayScene.UntilAsync(() => _attempts.Count == 2);
        var made = await WinAsync(2);

        var (winner, failures, _) = await race;
        Assert.Same(made, winner);
        Assert.Equal("it is not there", Assert.Single(failures).Why);
        await made.Transport.DisposeAsync();
    }

    [Fact]
    public async Task Tells_of_all_that_failed()
    {
        var race = RunAsync(2);
        _attempts[End(1)].SetResult(new Connection.Failed(End(1), "one"));
        await Queue.RelayScene.UntilAsync(() => _attempts.Count == 2);
        _attempts[End(2)].SetResult(new Connection.Failed(End(2), "two"));

        var (winner, failures, started) = await race;
        Assert.Null(winner);
        Assert.Equal(["one", "two"], failures.Select(failure => failure.Why));
        Assert.Equal(2, started);
    }

    [Fact]
    public async Task Closes_what_comes_about_too_late()
    {
        var race = RunAsync(2, heedsCancellation: false);
        _clock.Advance(AddressRace.Stagger);
        await Queue.RelayScene.UntilAsync(() => _attempts.Count == 2);
        var winner = await WinAsync(2);
        await race;

        var late = await WinAsync(1);
        await Queue.RelayScene.UntilAsync(() => !late.IsQuiet);
        await winner.Transport.DisposeAsync();
    }

    [Fact]
    public async Task Ends_with_its_caller()
    {
        using var ending = new CancellationTokenSource();
        var race = RunAsync(2, cancellationToken: ending.Token);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => race);
        Assert.Equal([End(1)], _cancelled);
    }

    [Fact]
    public async Task Reaches_a_host_one_of_whose_addresses_is_dead()
    {
        await using var peer = new SmtpPeer();
        await using var scene = await Queue.RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Dns.Mx("there.test", 10, "mx.there.test").Address("mx.there.test", IPAddress.IPv6Loopback).Address("mx.there.test", IPAddress.Loopback);

        await scene.SendAsync("ann@here.test", ["bob@there.test"]);
        await scene.SeeAsync(Shared.Journey.JourneyStep.Relayed);

        Assert.Single(peer.Messages);
    }

    private static IPEndPoint End(int number) => new(IPAddress.Parse($"192.0.2.{number}"), 25);

    private static List<IPAddress> Parse(string addresses) => [.. addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)];

    private async Task<Connection.Made> WinAsync(int number)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await using var peer = new SmtpPeer();
        await socket.ConnectAsync(peer.EndPoint, TestContext.Current.CancellationToken);
        var made = new Connection.Made(End(number), Shared.LineProtocol.PipeTransport.Over(socket), socket);
        _attempts[End(number)].SetResult(made);
        return made;
    }

    private Task<(Connection.Made? Winner, IReadOnlyList<Connection.Failed> Failures, int Started)> RunAsync(
        int candidates, bool heedsCancellation = true, CancellationToken cancellationToken = default) =>
        AddressRace.RunAsync(
            [.. Enumerable.Range(1, candidates).Select(End)],
            (end, token) =>
            {
                var attempt = new TaskCompletionSource<Connection>();
                _attempts[end] = attempt;
                if (heedsCancellation)
                {
                    token.Register(() =>
                    {
                        if (attempt.TrySetCanceled(token))
                            _cancelled.Add(end);
                    });
                }

                return attempt.Task;
            }, _clock, cancellationToken);
}
