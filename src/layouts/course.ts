/** Reads `content/course.yaml` while the site is built. Knows nothing of the browser. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const courseSchema = z.strictObject({
  modules: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      lessons: z.array(z.strictObject({ id: z.string(), title: z.string(), minutes: z.int().positive() })),
    }),
  ),
  paths: z.array(z.strictObject({ id: z.string(), title: z.string(), lessons: z.array(z.int()) })),
});

export interface CourseLesson {
  /** As in the file name: `06-kube-scheduler`. */
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly minutes: number;
  /** The page's address when the lesson is written, otherwise undefined: it is planned. */
  readonly href: string | undefined;
  /** The content id, `02-control-plane/06-kube-scheduler`. */
  readonly slug: string;
}

export interface CourseModule {
  readonly id: string;
  readonly title: string;
  readonly lessons: readonly CourseLesson[];
}

export interface Course {
  readonly modules: readonly CourseModule[];
}

/** The course in order. `root` is the project's folder; throws a ZodError when the file is malformed. */
export function loadCourse(root: string = process.cwd()): Course {
  const file = courseSchema.parse(parse(readFileSync(resolve(root, 'content/course.yaml'), 'utf8')));
  return {
    modules: file.modules.map((module) => ({
      id: module.id,
      title: module.title,
      lessons: module.lessons.map((lesson) => {
        const slug = `${module.id}/${lesson.id}`;
        const written = existsSync(resolve(root, 'content', `${slug}.mdx`));
        return { ...lesson, slug, number: Number.parseInt(lesson.id, 10), href: written ? `/${slug}/` : undefined };
      }),
    })),
  };
}

const labSchema = z.looseObject({ title: z.string(), minutes: z.number().optional(), view: z.string().optional() });

export interface LabCardFacts {
  readonly id: string;
  readonly title: string;
  readonly minutes: number | undefined;
  readonly view: string | undefined;
}

/** What the pages say about a lab before it is started; its grading stays on the server. */
export function labFacts(id: string, root: string = process.cwd()): LabCardFacts {
  const path = resolve(root, 'labs', id, 'lab.yaml');
  if (!existsSync(path)) throw new Error(`A lesson names the lab "${id}", but labs/${id}/lab.yaml does not exist.`);
  const { title, minutes, view } = labSchema.parse(parse(readFileSync(path, 'utf8')));
  return { id, title, minutes, view };
}

/** The titles of all graded labs, by id. */
export function labTitles(root: string = process.cwd()): Record<string, string> {
  const ids = readdirSync(resolve(root, 'labs')).filter((id) => existsSync(resolve(root, 'labs', id, 'lab.yaml')));
  return Object.fromEntries(ids.map((id) => [id, labFacts(id, root).title]));
}
