/** The lessons: MDX files under `content/`, with Starlight's front matter and what a lesson adds to it. */
import { docsSchema } from '@astrojs/starlight/schema';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';
import { defineCollection } from 'astro:content';

const lessonFields = z.object({
  /** Two digits, as in the course. */
  lesson: z.string().optional(),
  minutes: z.number().optional(),
  objectives: z.array(z.string()).default([]),
  prerequisites: z.string().optional(),
  /** Labs of the page, in order; with at least one, the page has a workspace. */
  labs: z.array(z.string()).default([]),
  /** `full`: the workspace is the page. */
  workspace: z.enum(['side', 'full']).default('side'),
});

export const collections = {
  docs: defineCollection({
    loader: glob({ base: './content', pattern: '**/*.mdx' }),
    schema: docsSchema({ extend: lessonFields }),
  }),
};
