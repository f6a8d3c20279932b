using System.CommandLine;
using System.Globalization;
using MailSuite.Bench.Kill;

var program = new Option<FileInfo>("--program") { Description = "The program to kill.", DefaultValueFactory = _ => new FileInfo("artifacts/publish/mailsuite") };
var kills = Number("--kills", "-k", "How often it is killed.", 200, 100_000);
var messages = Number("--messages", "-m", "Messages that are sent to it in each of its lives.", 100, 100_000);
var sessions = Number("--sessions", "-s", "Connections that send them.", 8, 1_000);
var measured = Number("--measured", "-w", "Messages by which the window is measured, alone and together.", 500, 100_000);
var seed = Number("--seed", "-r", "Where chance begins.", 1, int.MaxValue);
var seconds = Number("--limit", "-t", "Seconds after which it ends in any case.", 1_800, 86_400);

var root = new RootCommand("Kills MailSuite (SIGKILL) while it relays, starts it again, and says what was lost and what came twice. Works in a directory of its own, on loopback.")
{
    program, kills, messages, sessions, measured, seed, seconds,
};
root.SetAction(async (parsed, cancellationToken) =>
{
    var file = parsed.GetValue(program)!;
    if (!file.Exists)
    {
        Console.Error.WriteLine($"{file} is not there. Publish it: dotnet publish src/Host -c Release -r linux-x64 -o artifacts/publish");
        return 2;
    }

    using var run = new KillRun(new KillPlan(
        file.FullName, parsed.GetValue(kills), parsed.GetValue(messages), parsed.GetValue(sessions), parsed.GetValue(measured), parsed.GetValue(seed),
        TimeSpan.FromSeconds(parsed.GetValue(seconds))));
    try
    {
        var result = await run.RunAsync(progress => Console.Error.Write(Console.IsErrorRedirected ? progress + "\n" : $"\r\e[K{progress}"), cancellationToken);
        Console.Error.WriteLine();
        Console.WriteLine(result);
        return result.IsGood ? 0 : 1;
    }
    catch (OperationCanceledException)
    {
        Console.Error.WriteLine($"\nIt was not done after {parsed.GetValue(seconds)} seconds, or was interrupted.");
        return 1;
    }
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
