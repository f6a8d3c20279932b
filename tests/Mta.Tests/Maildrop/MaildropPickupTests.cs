using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using MailSuite.Mta.Maildrop;
using MailSuite.Mta.Tests.Smtp;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Disk;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Maildrop;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Tests.Maildrop;

/// <summary>What programs of this machine leave in the maildrop is taken once, whatever it is.</summary>
public sealed class MaildropPickupTests : IAsyncDisposable
{
    private const string Text = "From: root@example.org\r\nSubject: left\r\nMessage-ID: <7@example.org>\r\n\r\ntext\r\n";

    private readonly SmtpScene _scene = new(configure: options => options with { MaxMessageOctets = 100 });
    private readonly MaildropDirectory _maildrop;

    public MaildropPickupTests()
    {
        _maildrop = new MaildropDirectory(_scene.Options.DataDirectory);
        _maildrop.Create();
    }

    private string Pickup => Path.Combine(_scene.Options.DataDirectory, "pickup");

    private IEnumerable<string> Bad => Directory.EnumerateFiles(Pickup, "*.bad").Select(file => Path.GetFileName(file)!);

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Takes_what_was_left_before_the_start_and_what_comes_then()
    {
        var first = Leave("bob@example.org");
        await using var pickup = await RunningAsync();
        await GoneAsync(first);
        var mail = Assert.Single(_scene.Mailboxes.Of("bob@example.org"));
        Assert.Equal(Text, mail.TextAfterTrace);
        Assert.Contains($"by mx.example.org with local (sendmail, uid {UserAccount.CurrentId}) id ", mail.Text, StringComparison.Ordinal);
        Assert.Equal("<root@example.org>", mail.ReversePath.ToString());
        Assert.Equal($"sendmail, uid {UserAccount.CurrentId} submitted the message to mx.example.org", _scene.Journeys.Events.First(e => e.Step == JourneyStep.Submitted).Summary);

        await GoneAsync(Leave("alice@example.org"));
        Assert.Single(_scene.Mailboxes.Of("alice@example.org"));
        Assert.Empty(Directory.EnumerateFiles(Pickup));
        Assert.Equal("example.org", _maildrop.ReadSite()!.Domain.Ascii);
    }

    /// <summary>A program that was killed after the submission, and before it had deleted the drop.</summary>
    [Fact]
    public async Task The_same_drop_a_second_time_is_the_same_message()
    {
        var id = new DeliveryId(Guid.NewGuid());
        await using var pickup = await RunningAsync();
        await GoneAsync(Leave(id, Text, "bob@example.org"));
        await GoneAsync(Leave(id, Text, "bob@example.org"));
        Assert.Single(_scene.Mailboxes.Of("bob@example.org"));
    }

    [Fact]
    public async Task What_lies_in_the_folder_of_ours_after_a_kill_is_taken()
    {
        var drop = Leave("bob@example.org");
        Directory.CreateDirectory(Pickup);
        File.Move(drop, Path.Combine(Pickup, Path.GetFileName(drop)));
        await using var pickup = await RunningAsync();
        await GoneAsync(Path.Combine(Pickup, Path.GetFileName(drop)));
        Assert.Single(_scene.Mailboxes.Of("bob@example.org"));
    }

    [Fact]
    public async Task Who_is_wrong_is_reported_and_the_others_get_it()
    {
        await using var pickup = await RunningAsync();
        await GoneAsync(Leave("bob@example.org", "nobody@example.org", "eve@elsewhere.example"));
        Assert.Single(_scene.Mailboxes.Of("bob@example.org"));
        var recipients = _scene.Spool.Entries.SelectMany(entry => entry.Message.Recipients);
        Assert.Equal([("nobody@example.org", StatusCodes.NoSuchMailbox), ("eve@elsewhere.example", null)], recipients.Select(r => (r.Address.ToString(), r.Failure?.Status)));
    }

    [Fact]
    public async Task A_message_that_nobody_can_have_is_reported_too()
    {
        await using var pickup = await RunningAsync();
        await GoneAsync(Leave("nobody@example.org"));
        Assert.Equal(StatusCodes.NoSuchMailbox, Assert.Single(Assert.Single(_scene.Spool.Entries).Message.Recipients).Failure!.Status);
        await GoneAsync(Leave(new DeliveryId(Guid.NewGuid()), "A: \0\r\n\r\n", "bob@example.org"));
        Assert.Equal(StatusCodes.SyntaxError, Assert.Single(_scene.Spool.Entries[1].Message.Recipients).Failure!.Status);
        Assert.Empty(_scene.Mailboxes.Of("bob@example.org"));
    }

    [Fact]
    public async Task What_a_mailbox_does_not_take_waits_in_the_spool()
    {
        _scene.Mailboxes.Outcomes["bob@example.org"] = new LocalDeliveryOutcome.Deferred(StatusCodes.MailboxFullForNow, "Full");
        await using var pickup = await RunningAsync();
        await GoneAsync(Leave("bob@example.org"));
        Assert.Null(Assert.Single(Assert.Single(_scene.Spool.Entries).Message.Recipients).Failure);
    }

    [Fact]
    public async Task What_nothing_can_store_now_is_tried_again()
    {
        _scene.Spool.Failure = new Mta.Spool.SpoolUnavailableException(StatusCodes.SystemStorageFull, "full", new IOException("full"));
        await using var pickup = await RunningAsync();
        var drop = Leave("eve@elsewhere.example");
        var waiting = Path.Combine(Pickup, Path.GetFileName(drop));
        await UntilAsync(() => _scene.Log.Lines.Any(line => line.Contains("must wait", StringComparison.Ordinal)), "the drop waits");
        Assert.True(File.Exists(waiting));
        _scene.Spool.Failure = null;
        _scene.Clock.Advance(TimeSpan.FromMinutes(1));
        await GoneAsync(waiting);
        Assert.Single(_scene.Spool.Entries);
    }

    [Fact]
    public async Task Broken_drops_are_set_aside_and_hold_up_nobody()
    {
        var cut = Leave("bob@example.org");
        File.WriteAllBytes(cut, File.ReadAllBytes(cut)[..^1]);
        var renamed = _maildrop.DropFor(new DeliveryId(Guid.NewGuid()));
        File.Move(Leave("bob@example.org"), renamed);
        File.WriteAllText(_maildrop.DropFor(new DeliveryId(Guid.NewGuid())), "no drop at all");
        File.WriteAllText(_maildrop.DropFor(new DeliveryId(Guid.NewGuid())), "");
        File.WriteAllText(Path.Combine(_maildrop.Path, "hello.drop"), "no name");
        await using var pickup = await RunningAsync();
        await GoneAsync(Leave("alice@example.org"));
        await UntilAsync(() => Bad.Count() == 5, "all five are set aside");
        Assert.Empty(_scene.Mailboxes.Of("bob@example.org"));
        Assert.Single(_scene.Mailboxes.Of("alice@example.org"));
        Assert.Equal(5, _scene.Log.Errors.Count(line => line.Contains("is set aside", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(101, 0)]
    public async Task A_message_may_have_as_many_octets_as_the_server_takes_and_no_more(int octets, int taken)
    {
        await using var pickup = await RunningAsync();
        await GoneAsync(Leave(new DeliveryId(Guid.NewGuid()), "A: b\r\n\r\n" + new string('a', octets - 8), "bob@example.org"));
        Assert.Equal(taken, _scene.Mailboxes.Of("bob@example.org").Count);
        Assert.Equal(1 - taken, Bad.Count());
    }

    /// <summary>A link would lead to what its maker may not read, and a pipe would never end.</summary>
    [Fact]
    public async Task Only_plain_files_are_opened()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Only Linux tells what a file is.");

        File.CreateSymbolicLink(_maildrop.DropFor(new DeliveryId(Guid.NewGuid())), Leave("bob@example.org") + "x");
        Assert.Equal(0, MakePipe(Encoding.UTF8.GetBytes(_maildrop.DropFor(new DeliveryId(Guid.NewGuid())) + '\0'), 0x180));
        await using var pickup = await RunningAsync();
        await UntilAsync(() => Bad.Count() == 2, "both are set aside");
        await UntilAsync(() => _scene.Mailboxes.Of("bob@example.org").Count == 1, "the drop beside them is taken");
    }

    /// <summary>In a folder that everybody may write anybody can lay a link where a file of ours will be made.</summary>
    [Fact]
    public async Task A_link_in_the_maildrop_leads_to_nothing_of_ours()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Only Unix lets everybody make links.");

        var precious = Path.Combine(_scene.Options.DataDirectory, "precious");
        File.WriteAllText(precious, "mail");
        foreach (var name in new[] { ".site", ".site.part", $"{Guid.NewGuid():N}.part" })
            File.CreateSymbolicLink(Path.Combine(_maildrop.Path, name), precious);
        await using var pickup = await RunningAsync();
        await GoneAsync(Leave("bob@example.org"));
        Assert.Equal("mail", File.ReadAllText(precious));
        Assert.Equal("example.org", _maildrop.ReadSite()!.Domain.Ascii);
    }

    [Fact]
    public async Task A_drop_that_somebody_else_made_may_not_be_from_anybody()
    {
        if (!OperatingSystem.IsLinux() || UserAccount.CurrentId != 0)
            Assert.Skip("Only root can make files of others.");

        var drop = Leave("bob@example.org");
        Assert.Equal(0, ChangeOwner(Encoding.UTF8.GetBytes(drop + '\0'), 65_534, 65_534));
        await using var pickup = await RunningAsync();
        await UntilAsync(() => Bad.Any() && _scene.Log.Errors.Any(line => line.Contains("65534 of this machine may not send as <root@example.org>", StringComparison.Ordinal)), "it is set aside, and said why");
        Assert.Empty(_scene.Mailboxes.Of("bob@example.org"));
    }

    [Fact]
    public async Task What_nobody_finished_is_cleared_away_after_a_day()
    {
        var fresh = _maildrop.PartFor(new DeliveryId(Guid.NewGuid()));
        var old = _maildrop.PartFor(new DeliveryId(Guid.NewGuid()));
        File.WriteAllText(fresh, "");
        File.WriteAllText(old, "");
        File.SetLastWriteTimeUtc(fresh, _scene.Clock.GetUtcNow().UtcDateTime - TimeSpan.FromDays(1));
        File.SetLastWriteTimeUtc(old, _scene.Clock.GetUtcNow().UtcDateTime - TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        await using var pickup = await RunningAsync();
        await GoneAsync(old);
        Assert.True(File.Exists(fresh));
    }

    private string Leave(params string[] recipients) => Leave(new DeliveryId(Guid.NewGuid()), Text, recipients);

    private string Leave(DeliveryId id, string text, params string[] recipients)
    {
        var message = Encoding.UTF8.GetBytes(text);
        var envelope = new DropEnvelope(id, ReversePath.Of(EnvelopeAddress.Parse("root@example.org")), [.. recipients.Select(EnvelopeAddress.Parse)], message.Length);
        File.WriteAllBytes(_maildrop.PartFor(id), [.. envelope.ToHead(), .. message]);
        File.Move(_maildrop.PartFor(id), _maildrop.DropFor(id));
        return _maildrop.DropFor(id);
    }

    private async Task<Running> RunningAsync()
    {
        var pickup = _scene.Pickup;
        await pickup.StartAsync(TestContext.Current.CancellationToken);
        await pickup.StartedAsync(TestContext.Current.CancellationToken);
        return new Running(pickup);
    }

    private Task GoneAsync(string file) =>
        UntilAsync(() => !File.Exists(file) && !File.Exists(Path.Combine(Pickup, Path.GetFileName(file))), $"{file} is taken");

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        var waiting = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waiting.Elapsed < TimeSpan.FromSeconds(30), $"Not within 30 s: {what}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    [DllImport("libc", EntryPoint = "mkfifo")]
    private static extern int MakePipe(byte[] path, uint mode);

    [DllImport("libc", EntryPoint = "chown")]
    private static extern int ChangeOwner(byte[] path, uint user, uint group);

    private sealed class Running(MaildropPickup pickup) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await pickup.StoppingAsync(CancellationToken.None);
            await pickup.StopAsync(CancellationToken.None);
        }
    }
}
