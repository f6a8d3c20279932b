using System.Diagnostics;
using System.Net;
using MailSuite.Mda.Accounts;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Accounts;

public sealed class AccountsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signs_in_with_the_right_password_whatever_the_case_of_the_name()
    {
        await using var scene = new MdaScene();
        var added = Assert.IsType<AccountChange.Done>(await scene.Accounts.AddAsync(MdaScene.Address("Ann@example.org"), "gehéim", "Ann", Cancellation));

        var accepted = Assert.IsType<AuthenticationOutcome.Accepted>(await scene.Accounts.AuthenticateAsync("ann@EXAMPLE.org", "gehéim", client: null, Cancellation));
        Assert.Equal(added.Account, accepted.Account);
        Assert.Equal("Ann@example.org", accepted.Account.Address.ToString());
        Assert.IsType<AuthenticationOutcome.Accepted>(await scene.Accounts.AuthenticateAsync("ann", "gehe\u0301im", client: null, Cancellation));
        Assert.IsType<AuthenticationOutcome.Refused>(await scene.Accounts.AuthenticateAsync("ann@example.org", "geheim", client: null, Cancellation));
        Assert.IsType<AuthenticationOutcome.Refused>(await scene.Accounts.AuthenticateAsync("ben@example.org", "gehéim", client: null, Cancellation));
        Assert.IsType<AuthenticationOutcome.Refused>(await scene.Accounts.AuthenticateAsync("no address@", "x", client: null, Cancellation));
        Assert.IsType<AuthenticationOutcome.Refused>(await scene.Accounts.AuthenticateAsync("ann@example.org", "\ud800", client: null, Cancellation));
    }

    [Fact]
    public async Task Nobody_administers_until_somebody_says_so_and_no_longer_than_that()
    {
        await using var scene = new MdaScene();
        await using var other = new MdaScene(directory: scene.Directory);
        var ann = Assert.IsType<AccountChange.Done>(await scene.Accounts.AddAsync(MdaScene.Address("ann@example.org"), "secret", null, Cancellation)).Account;
        Assert.False(ann.IsAdministrator);
        Assert.False((await scene.Accounts.FindAsync(ann.Id, Cancellation))!.IsAdministrator);

        Assert.True(Assert.IsType<AccountChange.Done>(await other.Accounts.SetAdministratorAsync(ann.Address, true, Cancellation)).Account.IsAdministrator);
        Assert.True((await scene.Accounts.FindAsync(ann.Id, Cancellation))!.IsAdministrator);
        Assert.True(Assert.Single(await scene.Accounts.ListAsync(Cancellation)).IsAdministrator);

        Assert.IsType<AccountChange.Done>(await other.Accounts.SetAdministratorAsync(ann.Address, false, Cancellation));
        Assert.False((await scene.Accounts.FindAsync(ann.Address, Cancellation))!.IsAdministrator);
        Assert.IsType<AccountChange.Refused>(await scene.Accounts.SetAdministratorAsync(MdaScene.Address("ben@example.org"), true, Cancellation));
    }

    [Fact]
    public async Task Spends_a_hash_on_a_stranger_too()
    {
        await using var scene = new MdaScene();
        await scene.Accounts.AddAsync(MdaScene.Address("ann@example.org"), "secret", null, Cancellation);
        await scene.Accounts.AuthenticateAsync("nobody@example.org", "warm", client: null, Cancellation);
        var best = TimeSpan.MaxValue;

        for (var i = 0; i < 3; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await scene.Accounts.AuthenticateAsync("nobody@example.org", "wrong", client: null, Cancellation);
            best = TimeSpan.FromTicks(Math.Min(best.Ticks, Stopwatch.GetElapsedTime(start).Ticks));
        }

        // Going twice through 19 MiB takes longer than this on any machine, a look-up alone takes a hundredth of it.
        Assert.True(best > TimeSpan.FromMilliseconds(10), $"{best}");
    }

    [Fact]
    public async Task Forgets_a_verified_password_the_moment_it_is_changed_by_another_program()
    {
        await using var scene = new MdaScene();
        await using var other = new MdaScene(directory: scene.Directory);
        await scene.Accounts.AddAsync(MdaScene.Address("ann@example.org"), "old", null, Cancellation);
        Assert.IsType<AuthenticationOutcome.Accepted>(await scene.Accounts.AuthenticateAsync("ann@example.org", "old", client: null, Cancellation));

        Assert.IsType<AccountChange.Done>(await other.Accounts.SetPasswordAsync(MdaScene.Address("ann@example.org"), "new", Cancellation));

        Assert.IsType<AuthenticationOutcome.Refused>(await scene.Accounts.AuthenticateAsync("ann@example.org", "old", client: null, Cancellation));
        Assert.IsType<AuthenticationOutcome.Accepted>(await scene.Accounts.AuthenticateAsync("ann@example.org", "new", client: null, Cancellation));
    }

    [Fact]
    public async Task Renews_an_old_hash_at_the_next_sign_in()
    {
        await using var scene = new MdaScene();
        await scene.Accounts.AddAsync(MdaScene.Address("ann@example.org"), "other", null, Cancellation);
        await using var tables = scene.OpenTables();
        const string Old = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        await tables.Accounts.ExecuteUpdateAsync(set => set.SetProperty(row => row.Password, Old), Cancellation);

        Assert.IsType<AuthenticationOutcome.Accepted>(await scene.Accounts.AuthenticateAsync("ann@example.org", "password", client: null, Cancellation));

        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", tables.Accounts.Single().Password, StringComparison.Ordinal);
        Assert.IsType<AuthenticationOutcome.Accepted>(await scene.Accounts.AuthenticateAsync("ann@example.org", "password", client: null, Cancellation));
    }

    [Fact]
    public async Task Tells_a_flood_of_sign_ins_to_come_again()
    {
        await using var scene = new MdaScene();
        var hasher = scene.Services.GetRequiredService<PasswordHasher>();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var flood = new List<Task>();
        var attempts = new List<Task<AuthenticationOutcome>>();
        while (!attempts.Any(attempt => attempt is { IsCompletedSuccessfully: true, Result: AuthenticationOutcome.Unavailable }))
        {
            // However fast the machine checks and however slowly it reads, the line is full when these come to it.
            if (attempts.TrueForAll(attempt => attempt.IsCompleted))
                attempts.AddRange(Enumerable.Range(attempts.Count, 5).Select(i => scene.Accounts.AuthenticateAsync($"ann{i}@example.org", "x", new IPAddress(i), enough.Token).AsTask()));
            if (hasher.VerifyAsync(null, "x", enough.Token) is { IsFaulted: false } waiting)
                flood.Add(waiting);
            else
                await Task.Delay(1, Cancellation);
        }

        await enough.CancelAsync();
        await Task.WhenAll(flood.Concat(attempts)).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    [Fact]
    public async Task Refuses_what_it_cannot_make_and_names_the_remedy()
    {
        await using var scene = new MdaScene();
        await scene.Accounts.AddAsync(MdaScene.Address("ann@example.org"), "secret", null, Cancellation);

        Assert.Contains("already", await ReasonAsync(scene.Accounts.AddAsync(MdaScene.Address("ANN@example.org"), "x", null, Cancellation)), StringComparison.Ordinal);
        Assert.Contains("configuration", await ReasonAsync(scene.Accounts.AddAsync(MdaScene.Address("ann@elsewhere.example"), "x", null, Cancellation)), StringComparison.Ordinal);
        Assert.Contains("empty", await ReasonAsync(scene.Accounts.AddAsync(MdaScene.Address("ben@example.org"), "", null, Cancellation)), StringComparison.Ordinal);
        Assert.Contains("1024", await ReasonAsync(scene.Accounts.AddAsync(MdaScene.Address("ben@example.org"), new string('x', 1025), null, Cancellation)), StringComparison.Ordinal);
        Assert.Contains("one line", await ReasonAsync(scene.Accounts.AddAsync(MdaScene.Address("ben@example.org"), "x", "Ben\r\nBcc: all", Cancellation)), StringComparison.Ordinal);
        Assert.Contains("no account", await ReasonAsync(scene.Accounts.SetPasswordAsync(MdaScene.Address("ben@example.org"), "x", Cancellation)), StringComparison.Ordinal);
        Assert.Contains("no account", await ReasonAsync(scene.Accounts.RemoveAsync(MdaScene.Address("ben@example.org"), Cancellation)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removes_an_account_with_all_its_mail_and_frees_the_address()
    {
        await using var scene = new MdaScene(options => options with { LargeMessageOctets = 1000 });
        var ann = await scene.AddAccountAsync("ann@example.org");
        await scene.AddAccountAsync("ben@example.org");
        await scene.DeliverAsync(MdaScene.Message(body: new string('x', 2000)), "ann@example.org", "ben@example.org");
        await scene.DeliverAsync(MdaScene.Message(body: new string('y', 2000)), "ann@example.org");

        Assert.IsType<AccountChange.Done>(await scene.Accounts.RemoveAsync(ann.Address, Cancellation));

        Assert.Null(await scene.Accounts.FindAsync(ann.Address, Cancellation));
        Assert.Null(await scene.Accounts.FindAsync(ann.Id, Cancellation));
        Assert.Empty(await scene.Mailboxes.ListAsync(ann.Id, Cancellation));
        await MdaScene.UntilAsync(() => Directory.GetFiles(Path.Combine(scene.Directory, "bodies"), "*", SearchOption.AllDirectories).Length == 1);
        var anew = await scene.AddAccountAsync("ann@example.org");
        Assert.NotEqual(ann.Id, anew.Id);
        Assert.Empty(await scene.MessagesAsync(anew));
        Assert.Equal(["ann@example.org", "ben@example.org"], (await scene.Accounts.ListAsync(Cancellation)).Select(account => account.Address.ToString()));
    }

    [Fact]
    public async Task Takes_any_password_and_makes_the_account_where_everyone_is_local()
    {
        await using var scene = new MdaScene(options => options with { EveryoneIsLocal = true });

        var first = Assert.IsType<AuthenticationOutcome.Accepted>(await scene.Accounts.AuthenticateAsync("somebody@anywhere.example", "whatever", client: null, Cancellation));
        var second = Assert.IsType<AuthenticationOutcome.Accepted>(await scene.Accounts.AuthenticateAsync("somebody@anywhere.example", "other", client: null, Cancellation));

        Assert.Equal(first.Account, second.Account);
        Assert.Equal(6, (await scene.Mailboxes.ListAsync(first.Account.Id, Cancellation)).Count);
    }

    private static async Task<string> ReasonAsync(ValueTask<AccountChange> change) => Assert.IsType<AccountChange.Refused>(await change).Reason;
}
