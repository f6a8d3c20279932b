using System.Text;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;
using Microsoft.Data.Sqlite;

namespace MailSuite.Mta.Tests.Queue;

/// <summary>What comes in goes to the queue with its octets; what is too much for memory goes by way of the disk.</summary>
public sealed class HandOverTests
{
    private const string OnDisk = "Subject: from disk\r\n\r\nx\r\n";

    [Fact]
    public async Task The_first_attempt_reads_nothing_from_disk() => Assert.Equal(["1", "2"], await SendTwoAsync(options => options));

    [Theory]
    [InlineData(2, 2)]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    public async Task So_many_messages_are_kept_in_memory_and_no_more(int limit, int kept) =>
        Assert.Equal(kept, (await SendTwoAsync(options => options with { HandOverMessages = limit })).Count(text => text != "from disk"));

    [Theory]
    [InlineData(100, 2)]
    [InlineData(99, 1)]
    [InlineData(49, 0)]
    public async Task So_many_octets_are_kept_in_memory_and_no_more(int limit, int kept) =>
        Assert.Equal(kept, (await SendTwoAsync(options => options with { HandOverOctets = limit })).Count(text => text != "from disk"));

    [Fact]
    public async Task What_was_kept_in_memory_is_read_from_disk_when_anything_may_have_changed()
    {
        await using var peer = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port, runQueue: false);
        scene.Host("there.test");
        await scene.SendAsync("ann@here.test", ["bob@there.test"], Message("1"));
        Change(scene);
        scene.Arrivals.LookAgain();

        await scene.RunQueueAsync();
        await scene.EmptyAsync();
        Assert.Equal(["from disk"], peer.Messages.Select(SubjectOf));
    }

    [Fact]
    public async Task A_message_for_several_destinations_is_handed_over_once_for_each()
    {
        await using var peer = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port, runQueue: false);
        scene.Host("there.test");
        scene.Host("yonder.test");
        await scene.SendAsync("ann@here.test", ["bob@there.test", "cy@yonder.test", "dan@there.test"], Message("1"));
        Change(scene);

        await scene.RunQueueAsync();
        await scene.EmptyAsync();
        Assert.Equal(["1", "1"], peer.Messages.Select(SubjectOf));
        Assert.Equal([1, 2], peer.Messages.Select(message => message.Rcpts.Count).Order());
    }

    /// <returns>The subjects that arrive of two messages of 50 octets, whose octets on disk are others by the time that the queue begins.</returns>
    private static async Task<List<string>> SendTwoAsync(Func<RelayOptions, RelayOptions> change)
    {
        await using var peer = new SmtpPeer();
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port, options => options with { Relay = change(options.Relay) }, runQueue: false);
        scene.Host("there.test");
        foreach (var subject in new[] { "1", "2" })
            await scene.SendAsync("ann@here.test", ["bob@there.test"], Message(subject));
        Change(scene);

        await scene.RunQueueAsync();
        await scene.EmptyAsync();
        return [.. peer.Messages.Select(SubjectOf).Order(StringComparer.Ordinal)];
    }

    private static string Message(string subject) => $"Subject: {subject}\r\n\r\n".PadRight(48, 'x') + "\r\n";

    private static string SubjectOf(SmtpPeerMessage message) => Encoding.ASCII.GetString(message.Octets).Split("\r\n")[0]["Subject: ".Length..];

    private static void Change(RelayScene scene)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(scene.DataDirectory, "mta.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE Bodies SET Content = $content; UPDATE Messages SET Octets = length($content)";
        command.Parameters.AddWithValue("$content", Encoding.ASCII.GetBytes(OnDisk));
        command.ExecuteNonQuery();
    }
}
