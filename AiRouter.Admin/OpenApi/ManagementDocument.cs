using AiRouter.Admin.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiRouter.Admin.OpenApi;

/// <summary>The OpenAPI document of the management API.</summary>
internal static class ManagementDocument
{
    /// <summary>Where it is served.</summary>
    public const string Path = "/openapi/{documentName}.json";

    private const string Scheme = "adminKey";

    /// <summary>Adds the document <c>v1</c>.</summary>
    public static IServiceCollection AddManagementDocument(this IServiceCollection services) =>
        services.AddOpenApi("v1", static options => options
            .AddDocumentTransformer(static (document, _, _) =>
            {
                Describe(document);
                return Task.CompletedTask;
            })
            .AddOperationTransformer(static (operation, context, _) =>
            {
                AddPathParameters(operation, context);
                AddIfMatch(operation, context);
                AddSecurity(operation, context);
                return Task.CompletedTask;
            })
            .AddSchemaTransformer(static (schema, _, _) =>
            {
                schema.Description = SchemaText.Of(schema.Description);
                foreach (var property in schema.Properties?.Values ?? [])
                {
                    property.Description = SchemaText.Of(property.Description);
                }

                return Task.CompletedTask;
            }));

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "AiRouter management API",
            Version = "1",
            Description = "Configuration, client keys, limits and usage of AiRouter. Every error is a problem (RFC 9457).",
        };

        // Where it is served differs from place to place.
        document.Servers?.Clear();
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "AIROUTER_ADMIN_KEY, or an admin key of /api/v1/admin-keys.",
            },
        };
    }

    // Names that handlers read from the raw path are no parameters of theirs.
    private static void AddPathParameters(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var path = context.Description.RelativePath ?? "";
        operation.Parameters ??= [];
        foreach (var name in path.Split('{').Skip(1).Select(static part => part[..part.IndexOf('}', StringComparison.Ordinal)].TrimStart('*')))
        {
            if (!operation.Parameters.Any(p => p.Name == name))
            {
                operation.Parameters.Insert(0, new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Path,
                    Required = true,
                    Description = "Percent-encoded.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                });
            }
        }
    }

    private static void AddIfMatch(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        if (operation.Responses?.ContainsKey("409") is true && context.Description.HttpMethod is not "POST" ||
            operation.OperationId is "rollBack" or "import" or "rotateKey")
        {
            operation.Parameters!.Add(new OpenApiParameter
            {
                Name = "If-Match",
                In = ParameterLocation.Header,
                Required = operation.OperationId is "putConfiguration" or "import" or "putKey" or "putAdminKey",
                Description = "The ETag that was read, or *.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }
    }

    private static void AddSecurity(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] },
        ];
        var policies = context.Description.ActionDescriptor.EndpointMetadata.OfType<AuthorizeAttribute>().Select(static a => a.Policy);
        var role = policies.LastOrDefault(static p => p is not null);
        var needs = role == AdminPolicies.Bodies ? "an admin key with readBodies" : $"the role {role}";
        operation.Description = string.Join(" ", new[] { operation.Description, $"Needs {needs}." }.Where(static t => !string.IsNullOrEmpty(t)));
    }
}
