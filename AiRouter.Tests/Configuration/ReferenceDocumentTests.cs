using AiRouter.Core.Configuration.Schema;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Configuration;

public sealed class ReferenceDocumentTests
{
    [Fact]
    public void Reference_in_docs_is_the_one_of_the_records() =>
        Golden.EqualDocument("docs/configuration-reference.md", ReferenceDocument.Write());

    [Fact]
    public void Every_pointer_to_more_has_its_section() => Assert.Empty(ReferenceDocument.DanglingSections());

    [Fact]
    public void Every_top_level_key_has_a_section_in_the_guide()
    {
        var guide = Repository.Checkout.Read("docs/configuration.md");

        Assert.All(Shapes.Document.Members, m => Assert.Contains($"`{m.Name}", guide, StringComparison.Ordinal));
    }
}
