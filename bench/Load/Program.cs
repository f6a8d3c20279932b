using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;
using MailSuite.Bench.Load;

var host = new Option<string>("--host") { Description = "Address of the server.", DefaultValueFactory = _ => "127.0.0.1" };
var port = new Option<int>("--port", "-p") { Description = "Its port.", DefaultValueFactory = _ => 1025 };
var sessions = Number("--sessions", "-s", "Connections at once.", 50, 10_000);
var messages = Number("--messages", "-m", "Messages in all.", 5_000, 10_000_000);
var perConnection = Number("--per-connection", "-n", "Messages of a connection.", 1, 1_000_000);
var octets = Number("--size", "-l", "Octets of a message.", 5_120, 100_000_000);
var users = Number("--users", "-u", "Recipients in turn: user1, user2, ….", 20, 1_000_000);
var domain = new Option<string>("--domain", "-d") { Description = "Their domain.", DefaultValueFactory = _ => "bench.test" };
var pipelining = new Option<bool>("--pipelining") { Description = "MAIL, RCPT and DATA in one write (RFC 2920)." };
var seconds = Number("--limit", "-t", "Seconds after which the run ends in any case.", 120, 86_400);
var json = new Option<bool>("--json") { Description = "The result as one line of JSON." };
var anywhere = new Option<bool>("--not-loopback") { Description = "Send to a server that is not on this machine. It must be yours." };

var root = new RootCommand("Sends mail to an SMTP server as fast as it takes it and says how fast that was.")
{
    host, port, sessions, messages, perConnection, octets, users, domain, pipelining, seconds, json, anywhere,
};
root.SetAction(async (parsed, cancellationToken) =>
{
    if (!IPAddress.TryParse(parsed.GetValue(host), out var address))
    {
        Console.Error.WriteLine("--host takes an IP address, such as 127.0.0.1.");
        return 2;
    }

    if (!IPAddress.IsLoopback(address) && !parsed.GetValue(anywhere))
    {
        Console.Error.WriteLine($"{address} is not this machine. Add --not-loopback if that server is yours.");
        return 2;
    }

    var plan = new LoadPlan(
        new IPEndPoint(address, parsed.GetValue(port)), parsed.GetValue(sessions), parsed.GetValue(messages), parsed.GetValue(perConnection), parsed.GetValue(octets),
        parsed.GetValue(users), parsed.GetValue(domain)!, parsed.GetValue(pipelining), TimeSpan.FromSeconds(parsed.GetValue(seconds)));
    var run = new LoadRun(plan);
    var running = run.RunAsync(cancellationToken);
    if (!parsed.GetValue(json) && !Console.IsErrorRedirected)
        await ShowProgressAsync(run, plan, running);
    var result = await running;
    Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(result, JsonSerializerOptions.Web) : Describe(result));
    return result.Accepted == result.Messages ? 0 : 1;
});
return await root.Parse(args).InvokeAsync();

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

static async Task ShowProgressAsync(LoadRun run, LoadPlan plan, Task running)
{
    using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
    while (!running.IsCompleted)
    {
        Console.Error.Write($"\r{run.AcceptedSoFar} of {plan.Messages} ");
        await Task.WhenAny(running, timer.WaitForNextTickAsync().AsTask());
    }

    Console.Error.Write("\r\e[K");
}

static string Describe(LoadResult r)
{
    var text = string.Create(CultureInfo.InvariantCulture,
        $"{r.Accepted} of {r.Messages} accepted in {r.Seconds:0.00} s: {r.Rate:0}/s; ms to the 250: median {r.P50:0.0}, 90 % {r.P90:0.0}, 99 % {r.P99:0.0}, longest {r.Max:0.0}");
    return string.Join('\n', [text, .. r.Errors.OrderByDescending(e => e.Value).Take(10).Select(e => $"  {e.Value} times: {e.Key}")]);
}
