using System.Text.RegularExpressions;

namespace AiRouter.Tests.Repository;

/// <summary>What the compiler does not enforce of CONTRIBUTING.md.</summary>
public sealed partial class ConventionTests
{
    [Fact]
    public void Folder_is_namespace()
    {
        var wrong =
            from file in Checkout.Code
            let match = NamespaceDeclaration().Match(Checkout.Read(file))
            where match.Success
            let expected = Path.GetDirectoryName(file)!.Replace('/', '.').Replace('\\', '.')
            where match.Groups[1].Value != expected
            select $"{file}: {match.Groups[1].Value}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void File_with_one_type_is_named_after_it()
    {
        var wrong =
            from file in Checkout.Code
            let types = TypeDeclaration().Matches(Checkout.Read(file))
            where types.Count == 1 && types[0].Groups[1].Value != Path.GetFileName(file).Split('.')[0]
            where Path.GetFileName(file) != "Program.cs"
            select $"{file}: {types[0].Groups[1].Value}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void No_file_has_more_than_600_lines()
    {
        var wrong =
            from file in Checkout.Files
            where file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".sh", StringComparison.Ordinal)
            let lines = Checkout.Read(file).Count(static character => character == '\n')
            where lines > 600
            select $"{file}: {lines}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Time_comes_from_TimeProvider()
    {
        var wrong =
            from file in Checkout.ProductCode
            where Clock().IsMatch(Checkout.Read(file))
            select file;

        Assert.Empty(wrong);
    }

    [Fact]
    public void Public_types_and_members_are_documented_everywhere()
    {
        // The compiler sees to that (CS1591), unless somebody tells it not to.
        var wrong =
            from file in Checkout.Files
            where file.EndsWith(".csproj", StringComparison.Ordinal) || file.EndsWith(".props", StringComparison.Ordinal)
                || (file.EndsWith(".cs", StringComparison.Ordinal) && !file.StartsWith("AiRouter.Tests/", StringComparison.Ordinal))
            where Checkout.Read(file).Contains("1591", StringComparison.Ordinal)
            select file;

        Assert.Empty(wrong);
        Assert.Contains(
            "<GenerateDocumentationFile>true<", Checkout.Read("Directory.Build.props"), StringComparison.Ordinal);
    }

    [Fact]
    public void No_file_names_a_folder_of_somebodys_machine()
    {
        var wrong =
            from file in Checkout.Files
            where Path.GetExtension(file) is not (".png" or ".ico" or ".woff2") && file != "feed.props"
            let match = MachinePath().Match(Checkout.Read(file))
            where match.Success
            select $"{file}: {match.Value}";

        Assert.Empty(wrong);
    }

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration();

    [GeneratedRegex(@"^(?:[a-z]+ )*(?:class|struct|record(?: struct)?|interface|enum) (\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?(Now|Today)\b")]
    private static partial Regex Clock();

    // Brackets in the expression, so that this file does not find itself.
    [GeneratedRegex(@"(?<![\w.)}])/(wor[k]|roo[t]|home/[a-z]\w*|User[s]/\w+)/[\w.]")]
    private static partial Regex MachinePath();
}
