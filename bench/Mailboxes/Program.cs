using System.CommandLine;
using System.Globalization;
using System.Net;
using MailSuite.Bench.Mailboxes;
using MailSuite.Bench.Mailboxes.Mix;

var host = new Option<string>("--host") { Description = "Address of a server that runs already; without it the program is started.", DefaultValueFactory = _ => "" };
var port = Number("--port", "-p", "Its IMAP port.", 143, 65_535);
var user = new Option<string>("--user", "-u") { Description = "The account whose mailboxes are used.", DefaultValueFactory = _ => "user1@bench.test" };
var password = new Option<string>("--password") { Description = "Its password.", DefaultValueFactory = _ => "pass" };
var tls = new Option<bool>("--tls") { Description = "TLS from the first octet." };
var program = new Option<FileInfo>("--program") { Description = "The program to start.", DefaultValueFactory = _ => new FileInfo("artifacts/publish/mailsuite") };
var sessions = Number("--sessions", "-s", "Connections at once.", 50, 1_000);
var mailboxes = Number("--mailboxes", "-b", "Mailboxes that they share.", 4, 100);
var messages = Number("--messages", "-m", "Messages of a mailbox above which more go than come.", 300, 100_000);
var minutes = new Option<double>("--minutes", "-t") { Description = "How long the load lasts.", DefaultValueFactory = _ => 10 };
var pause = new Option<int>("--pause") { Description = "The longest pause of a session between two commands, in milliseconds.", DefaultValueFactory = _ => 0 };
var seed = Number("--seed", "-r", "Where chance begins.", 1, int.MaxValue);
var dovecot = new Option<bool>("--spare-dovecot") { Description = "Leave out what Dovecot 2.3 is known to answer wrongly, to try this tool on it." };
var kills = new Option<int>("--kill", "-k") { Description = "Kill the program so often meanwhile (SIGKILL), and start it again.", DefaultValueFactory = _ => 0 };

var root = new RootCommand("Many IMAP sessions on a few shared mailboxes, each of which checks every answer against what it was told before.")
{
    host, port, user, password, tls, program, sessions, mailboxes, messages, minutes, pause, seed, dovecot, kills,
};
root.SetAction(async (parsed, cancellationToken) =>
{
    var plan = new MixPlan(
        parsed.GetValue(user)!, parsed.GetValue(password)!, parsed.GetValue(tls), parsed.GetValue(sessions), parsed.GetValue(mailboxes), parsed.GetValue(messages),
        TimeSpan.FromMinutes(parsed.GetValue(minutes)), TimeSpan.FromMilliseconds(parsed.GetValue(pause)), parsed.GetValue(seed), parsed.GetValue(dovecot), parsed.GetValue(kills) > 0);
    if (parsed.GetValue(host) is { Length: > 0 } given)
    {
        if (!IPAddress.TryParse(given, out var address) || !IPAddress.IsLoopback(address) || plan.IsKilled)
        {
            Console.Error.WriteLine("--host takes an address of this machine, such as 127.0.0.1, and a server that is not started by this command is not killed.");
            return 2;
        }

        var server = new IPEndPoint(address, parsed.GetValue(port));
        return await ShowAsync(new MixRun(plan, _ => Task.FromResult(server)), run => run.RunAsync(restart: null, static () => false, cancellationToken));
    }

    var file = parsed.GetValue(program)!;
    if (!file.Exists)
    {
        Console.Error.WriteLine($"{file} is not there. Publish it: dotnet publish src/Host -c Release -r linux-x64 -o artifacts/publish");
        return 2;
    }

    var directory = Directory.CreateTempSubdirectory("mailsuite-mailboxes-");
    try
    {
        await using var child = new Child(file.FullName, directory.FullName);
        await child.StartAsync(cancellationToken);
        var code = await ShowAsync(new MixRun(plan, child.ImapAsync), run => RunOwnAsync(run, plan, child, parsed.GetValue(kills), cancellationToken));
        foreach (var line in child.Output.Distinct(StringComparer.Ordinal).Take(20))
            Console.WriteLine(line);
        return code;
    }
    finally
    {
        directory.Delete(recursive: true);
    }
});
return await root.Parse(args).InvokeAsync();

static async Task<MixVerdict> RunOwnAsync(MixRun run, MixPlan plan, Child child, int kills, CancellationToken cancellationToken)
{
    using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    var killing = KillRun.KillAsync(child, kills, plan.Seed, over.Token);
    var verdict = await run.RunAsync(child.RestartAsync, () => kills > 0 && killing.IsCompleted, cancellationToken);
    await over.CancelAsync();
    await killing;
    return verdict;
}

static async Task<int> ShowAsync(MixRun run, Func<MixRun, Task<MixVerdict>> workAsync)
{
    var working = workAsync(run);
    using (var timer = new PeriodicTimer(TimeSpan.FromSeconds(Console.IsErrorRedirected ? 30 : 1)))
    {
        while (!working.IsCompleted)
        {
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"{(Console.IsErrorRedirected ? "" : "\r\e[K")}{run.Counts.GetValueOrDefault("responses")} responses, {run.Counts.GetValueOrDefault("messages appended")} messages{(Console.IsErrorRedirected ? "\n" : "")}"));
            await Task.WhenAny(working, timer.WaitForNextTickAsync().AsTask());
        }
    }

    Console.Error.WriteLine();
    var verdict = await working;
    Console.WriteLine(verdict);
    return verdict.First is null ? 0 : 1;
}

static Option<int> Number(string name, string alias, string description, int usual, int max)
{
    var option = new Option<int>(name, alias) { Description = description, DefaultValueFactory = _ => usual };
    option.Validators.Add(result =>
    {
        var value = result.GetValueOrDefault<int>();
        if (value < 1 || value > max)
            result.AddError($"{name} takes 1 to {max.ToString(CultureInfo.InvariantCulture)}.");
    });
    return option;
}
