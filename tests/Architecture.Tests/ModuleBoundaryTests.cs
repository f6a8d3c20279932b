using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using MailSuite.Mda;
using MailSuite.Mta;
using MailSuite.Mua;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Architecture.Tests;

/// <summary>Host → { Mta, Mda, Mua } → Shared, and no other way.</summary>
public sealed partial class ModuleBoundaryTests
{
    private static readonly Assembly Shared = typeof(ISubmission).Assembly;

    public static TheoryData<string> Modules => ["Mta", "Mda", "Mua"];

    [Theory, MemberData(nameof(Modules))]
    public void A_module_knows_no_other_module(string module)
    {
        var ours = AssemblyOf(module).GetReferencedAssemblies().Select(a => a.Name!).Where(n => n.StartsWith("MailSuite", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(["MailSuite.Shared"], ours);

        var project = File.ReadAllText(Path.Combine(Repository.Root, "src", module, module + ".csproj"));
        Assert.Equal(["../Shared/Shared.csproj"], ProjectReference().Matches(project).Select(m => m.Groups[1].Value));
    }

    [Fact]
    public void Shared_knows_nobody_and_no_package()
    {
        Assert.All(Shared.GetReferencedAssemblies(), a => Assert.StartsWith("System", a.Name, StringComparison.Ordinal));
        var project = File.ReadAllText(Path.Combine(Repository.Root, "src", "Shared", "Shared.csproj"));
        Assert.DoesNotContain("ProjectReference", project, StringComparison.Ordinal);
        Assert.DoesNotContain("PackageReference", project, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Modules))]
    public void A_module_exports_its_module_class_and_nothing_else(string module)
    {
        // Razor makes its components public by nature, and with them the forms that are nested in them.
        var exported = AssemblyOf(module).GetExportedTypes()
            .Where(t => !IsComponent(t) && !(t.DeclaringType is { } outer && IsComponent(outer)) && t.GetCustomAttribute<CompilerGeneratedAttribute>() is null && t.Name != "_Imports");
        Assert.Equal([$"MailSuite.{module}.{module}Module"], exported.Select(t => t.FullName!));
    }

    /// <summary>Without this the contracts would become the place where logic that nobody owns is put.</summary>
    [Fact]
    public void Contracts_are_interfaces_records_and_enums()
    {
        var contracts = Shared.GetExportedTypes().Where(t => t.Namespace!.StartsWith("MailSuite.Shared.Contracts", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(contracts);
        Assert.All(contracts, type => Assert.True(type.IsInterface || type.IsEnum || IsRecord(type), $"{type} is none of them."));
    }

    [Fact]
    public void Only_the_host_composes_modules() =>
        Assert.All(
            Repository.Sources.Where(f => !f.IsIn("src/Host") && f.Path != "src/Mta/MtaModule.cs" && f.Path != "src/Mda/MdaModule.cs" && f.Path != "src/Mua/MuaModule.cs"),
            file => Assert.DoesNotContain(file.Lines, line => AddModule().IsMatch(line)));

    private static Assembly AssemblyOf(string module) => module switch
    {
        "Mta" => typeof(MtaModule).Assembly,
        "Mda" => typeof(MdaModule).Assembly,
        _ => typeof(MuaModule).Assembly,
    };

    private static bool IsComponent(Type type) => type.IsAssignableTo(typeof(Microsoft.AspNetCore.Components.IComponent));

    private static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$") is not null || (type.IsValueType && type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null);

    [GeneratedRegex("<ProjectReference Include=\"([^\"]+)\"")]
    private static partial Regex ProjectReference();

    [GeneratedRegex(@"\.Add(Mta|Mda|Mua)\(")]
    private static partial Regex AddModule();
}
