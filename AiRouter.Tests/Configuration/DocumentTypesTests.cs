using AiRouter.Core.Configuration.Schema;

namespace AiRouter.Tests.Configuration;

/// <summary>Native code can make nothing of a type that the table does not name, and a new key may bring one.</summary>
public sealed class DocumentTypesTests
{
    [Fact]
    public void Every_type_that_the_document_can_hold_is_named()
    {
        var made = new HashSet<Type>();
        Collect(Shapes.Document, made, []);

        Assert.Equal([], made.Where(t => !DocumentTypes.Has(t)).Select(t => t.Name));
    }

    private static void Collect(Shape shape, HashSet<Type> made, HashSet<Shape> seen)
    {
        if (!seen.Add(shape))
        {
            return;
        }

        var inner = shape switch
        {
            ListShape list => [list.Item],
            MapShape map => [map.Value],
            RecordShape record => record.Members.Select(m => m.Shape).ToArray(),
            _ => Array.Empty<Shape>(),
        };
        if (shape is RecordShape)
        {
            made.Add(shape.Type);
        }
        else
        {
            made.UnionWith(inner.Select(i => i.Type));
        }

        foreach (var part in inner)
        {
            Collect(part, made, seen);
        }
    }
}
