using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AiRouter.Core.Configuration.Schema;

/// <summary>A property of a record of the document.</summary>
internal sealed class RecordMember(PropertyInfo property, object? defaultValue)
{
    /// <summary>As in the document: camelCase.</summary>
    public string Name { get; } = JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    public PropertyInfo Property { get; } = property;

    /// <summary>What it is when the document does not say.</summary>
    public object? Default { get; } = defaultValue;

    public Shape Shape { get; } = Shapes.Of(property.PropertyType);

    public bool IsRequired { get; } = property.IsDefined(typeof(RequiredMemberAttribute));

    /// <summary>The least and most that a number may be; validation and schema both take it from here.</summary>
    public RangeAttribute? Range { get; } = property.GetCustomAttribute<RangeAttribute>();

    /// <summary>What a text must look like.</summary>
    public RegularExpressionAttribute? Pattern { get; } = property.GetCustomAttribute<RegularExpressionAttribute>();

    /// <summary>The names that a list of operations may have.</summary>
    public OperationNamesAttribute? Operations { get; } = property.GetCustomAttribute<OperationNamesAttribute>();
}
