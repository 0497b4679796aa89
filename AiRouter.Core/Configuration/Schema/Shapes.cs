using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace AiRouter.Core.Configuration.Schema;

/// <summary>The shapes of the records' types.</summary>
internal static class Shapes
{
    private static readonly ConcurrentDictionary<Type, Shape> Known = new();

    /// <summary>The whole document.</summary>
    public static RecordShape Document { get; } = (RecordShape)Of(typeof(RouterConfig));

    /// <summary>The shape of values of a type.</summary>
    public static Shape Of(Type type) => Known.GetOrAdd(Nullable.GetUnderlyingType(type) ?? type, Make);

    private static Shape Make(Type type)
    {
        if (type == typeof(JsonNode))
        {
            return new AnyShape();
        }

        if (type.IsEnum || type.IsValueType || type == typeof(string) || type == typeof(Uri))
        {
            return new ScalarShape(type);
        }

        if (type.IsGenericType)
        {
            return type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
                ? new ListShape(type, Of(type.GenericTypeArguments[0]))
                : new MapShape(type, Of(type.GenericTypeArguments[1]));
        }

        return new RecordShape(type);
    }
}
